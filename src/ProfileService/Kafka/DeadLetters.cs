using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Options;

namespace ProfileService.Kafka;

/// <summary>Writes refused messages to <c>Kafka:DeadLetterTopic</c> as they came, with headers that say why and whence.</summary>
internal sealed partial class DeadLetters : IDisposable
{
    private const string Prefix = "profiles-"; // of the headers

    private readonly KafkaOptions _options;
    private readonly ILogger<DeadLetters> _logger;
    private readonly Lazy<IProducer<byte[]?, byte[]?>> _producer;

    public DeadLetters(IOptions<KafkaOptions> options, ILogger<DeadLetters> logger)
    {
        (_options, _logger) = (options.Value, logger);
        _producer = new(() => new ProducerBuilder<byte[]?, byte[]?>(KafkaClients.Producer(_options))
            .SetLogHandler((_, line) => LogClient(line.Facility, line.Message))
            .Build());
    }

    public bool IsOn => _options.DeadLetterTopic.Length > 0;

    /// <summary>Returns when the brokers have all of them.</summary>
    /// <exception cref="KafkaException">Some are not written. Those that are may be written again.</exception>
    public Task SendAsync(IReadOnlyList<RefusedMessage> refused, CancellationToken cancellationToken) =>
        Task.WhenAll(refused.Select(message => SendAsync(message, cancellationToken)));

    public void Dispose()
    {
        if (_producer.IsValueCreated)
            _producer.Value.Dispose();
    }

    private async Task SendAsync(RefusedMessage refused, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(refused, refused.Message.Message.Value, cancellationToken);
        }
        catch (ProduceException<byte[]?, byte[]?> e) when (e.Error.Code == ErrorCode.MsgSizeTooLarge)
        {
            await SendAsync(refused, value: null, cancellationToken); // the headers say where the whole message is
        }
    }

    private Task SendAsync(RefusedMessage refused, byte[]? value, CancellationToken cancellationToken) => _producer.Value.ProduceAsync(
        _options.DeadLetterTopic,
        new Message<byte[]?, byte[]?>
        {
            Key = refused.Message.Message.Key,
            Value = value,
            Timestamp = refused.Message.Message.Timestamp,
            Headers = Headers(refused),
        },
        cancellationToken);

    private static Headers Headers(RefusedMessage refused)
    {
        var (source, problem) = (refused.Message, refused.First);
        var headers = new Headers();
        foreach (var header in source.Message.Headers)
            headers.Add(header);
        Add("error-code", problem.Code);
        Add("error-field", problem.Field ?? "");
        Add("error-detail", problem.Detail);
        Add("error-index", Text(problem.Index));
        Add("errors", Text(refused.Count));
        Add("source-topic", source.Topic);
        Add("source-partition", Text(source.Partition.Value));
        Add("source-offset", Text(source.Offset.Value));
        return headers;

        void Add(string name, string value) => headers.Add(Prefix + name, Encoding.UTF8.GetBytes(value));
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Facility}: {Line}")]
    private partial void LogClient(string facility, string line);
}
