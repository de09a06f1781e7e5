using Confluent.Kafka;

namespace ProfileService.Kafka;

/// <summary>Messages that were taken together, in the order of each partition, and whose offsets are not stored yet.</summary>
internal sealed class MessageBatch(int maxMessages)
{
    /// <summary>Bytes of values from which on a batch is full, however few messages it has.</summary>
    public const int MaxBytes = 1 << 20;

    private readonly List<TakenMessage> _messages = [];

    public IReadOnlyList<TakenMessage> Messages => _messages;

    /// <summary>The messages of which something was refused for which there is a dead letter.</summary>
    public IEnumerable<TakenMessage> Refused => _messages.Where(m => m.Problem is not null);

    public long Bytes { get; private set; }

    public bool IsFull => _messages.Count >= maxMessages || Bytes >= MaxBytes;

    public void Add(ConsumeResult<byte[]?, byte[]?> message)
    {
        _messages.Add(new TakenMessage(message));
        Bytes += message.Message.Value?.Length ?? 0;
    }

    /// <summary>Leaves out messages of partitions that another process has now; that process reads them again.</summary>
    public void Drop(IEnumerable<TopicPartition> partitions)
    {
        var dropped = partitions.ToHashSet();
        _messages.RemoveAll(m => dropped.Contains(m.Source.TopicPartition));
        Bytes = _messages.Sum(m => m.Source.Message.Value?.LongLength ?? 0);
    }

    /// <summary>The offset after the last message, for each partition.</summary>
    public IReadOnlyDictionary<TopicPartition, long> Ends()
    {
        var ends = new Dictionary<TopicPartition, long>();
        foreach (var message in _messages)
            ends[message.Source.TopicPartition] = message.Source.Offset + 1;
        return ends;
    }
}
