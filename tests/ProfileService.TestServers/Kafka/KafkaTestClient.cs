using System.Text;
using Confluent.Kafka;
using ProfileService.TestServers.Common;

namespace ProfileService.TestServers.Kafka;

/// <summary>Writes to topics and reads them, as somebody else than the service would.</summary>
internal sealed class KafkaTestClient(string bootstrapServers) : IDisposable
{
    private readonly ClientConfig _settings = new() { BootstrapServers = bootstrapServers };
    private readonly Lazy<IProducer<byte[]?, byte[]?>> _producer = new(() => new ProducerBuilder<byte[]?, byte[]?>(
        new ProducerConfig { BootstrapServers = bootstrapServers, LingerMs = 1, MessageTimeoutMs = 120_000 })
        .SetLogHandler((_, _) => { }).Build());

    /// <summary>Writes a message where its key, or chance, leads.</summary>
    public Task<DeliveryResult<byte[]?, byte[]?>> SendAsync(string topic, string? value, params (string Name, string Value)[] headers) =>
        SendAsync(topic, Partition.Any, value, headers);

    public Task<DeliveryResult<byte[]?, byte[]?>> SendAsync(
        string topic, Partition partition, string? value, params (string Name, string Value)[] headers)
    {
        var message = new Message<byte[]?, byte[]?> { Value = value is null ? null : Encoding.UTF8.GetBytes(value), Headers = [] };
        foreach (var (name, text) in headers)
            message.Headers.Add(name, Encoding.UTF8.GetBytes(text));
        return SendAsync(topic, partition, message);
    }

    public Task<DeliveryResult<byte[]?, byte[]?>> SendAsync(string topic, Partition partition, Message<byte[]?, byte[]?> message) =>
        _producer.Value.ProduceAsync(new TopicPartition(topic, partition), message);

    /// <summary>Writes many messages, in this order, to one partition.</summary>
    public Task SendAllAsync(string topic, Partition partition, IEnumerable<string> values) =>
        Task.WhenAll(values.Select(value => SendAsync(topic, partition, value)));

    /// <summary>The first messages of a partition; waits for as many.</summary>
    public IReadOnlyList<ConsumeResult<byte[]?, byte[]?>> Read(string topic, int count, int partition = 0)
    {
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(new ConsumerConfig(_settings) { GroupId = $"{Guid.NewGuid():N}" })
            .SetLogHandler((_, _) => { }).Build();
        consumer.Assign(new TopicPartitionOffset(topic, partition, Offset.Beginning));
        var read = new List<ConsumeResult<byte[]?, byte[]?>>();
        while (read.Count < count)
            read.Add(consumer.Consume(Eventually.Bound) ?? throw new TimeoutException($"{topic} has only {read.Count} messages."));
        consumer.Close();
        return read;
    }

    /// <summary>Another member of a group, which takes part while somebody polls it.</summary>
    public IConsumer<byte[]?, byte[]?> Join(string group, string topic)
    {
        var member = new ConsumerBuilder<byte[]?, byte[]?>(new ConsumerConfig(_settings)
        {
            GroupId = group,
            PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky,
        }).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        member.Subscribe(topic);
        return member;
    }

    /// <summary>Number of messages in a partition, and how many of them a group has committed.</summary>
    public (long Written, long Committed) Offsets(string group, string topic, int partition)
    {
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(new ConsumerConfig(_settings) { GroupId = group })
            .SetLogHandler((_, _) => { }).Build();
        var place = new TopicPartition(topic, partition);
        var committed = consumer.Committed([place], Eventually.Bound)[0].Offset;
        return (consumer.QueryWatermarkOffsets(place, Eventually.Bound).High.Value, committed.IsSpecial ? 0 : committed.Value);
    }

    public void Dispose()
    {
        if (_producer.IsValueCreated)
            _producer.Value.Dispose();
    }
}
