using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Options;

namespace ProfileService.Kafka;

/// <summary>
/// Writes refused messages to <c>Kafka:DeadLetterTopic</c> with headers that say why and whence: as they came, or as much of them as may be
/// written and as the topic takes.
/// </summary>
internal sealed partial class DeadLetters : IDisposable
{
    private const string Prefix = "profiles-"; // of the headers

    private readonly KafkaOptions _options;
    private readonly RefusedUsers _users;
    private readonly ILogger<DeadLetters> _logger;
    private readonly Lazy<IProducer<byte[]?, byte[]?>> _producer;

    public DeadLetters(IOptions<KafkaOptions> options, RefusedUsers users, ILogger<DeadLetters> logger)
    {
        (_options, _users, _logger) = (options.Value, users, logger);
        _producer = new(() => new ProducerBuilder<byte[]?, byte[]?>(KafkaClients.Producer(_options))
            .SetLogHandler((_, line) => LogClient(line.Facility, line.Message))
            .Build());
    }

    public bool IsOn => _options.DeadLetterTopic.Length > 0;

    /// <summary>Writes those that are not written yet. Returns when the brokers have all of them.</summary>
    /// <exception cref="KafkaException">Some are not written.</exception>
    public Task SendAsync(IEnumerable<TakenMessage> refused, CancellationToken cancellationToken) =>
        Task.WhenAll(refused.Where(one => !one.HasDeadLetter).Select(one => SendAsync(one, cancellationToken)));

    public void Dispose()
    {
        if (_producer.IsValueCreated)
            _producer.Value.Dispose();
    }

    private Form FirstForm(Message<byte[]?, byte[]?> message) => _users.MayBeIn(message) ? Form.Bare : Form.Whole;

    private async Task SendAsync(TakenMessage refused, CancellationToken cancellationToken)
    {
        var source = refused.Source.Message;
        await SendAsync(refused, FirstForm(source), TimeOf(source), cancellationToken);
        refused.HasDeadLetter = true;
    }

    /// <param name="timestamp">The default is the time of writing.</param>
    private async Task SendAsync(TakenMessage refused, Form form, Timestamp timestamp, CancellationToken cancellationToken)
    {
        try
        {
            await _producer.Value.ProduceAsync(_options.DeadLetterTopic, Letter(refused, form, timestamp), cancellationToken);
        }
        catch (ProduceException<byte[]?, byte[]?> e) when (e.Error.Code == ErrorCode.InvalidTimestamp && timestamp != Timestamp.Default)
        {
            await SendAsync(refused, form, Timestamp.Default, cancellationToken);
        }
        catch (ProduceException<byte[]?, byte[]?> e) when (form < Form.Bare && IsOfTheMessage(e.Error.Code))
        {
            await SendAsync(refused, form + 1, timestamp, cancellationToken); // the headers say where the whole message is
        }
    }

    /// <summary>Whether the topic would refuse the same message for ever, at whatever time it is written.</summary>
    private static bool IsOfTheMessage(ErrorCode code) => code
        is ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge or ErrorCode.InvalidRecord or ErrorCode.InvalidMsg
        or ErrorCode.PolicyViolation or ErrorCode.Local_InvalidArg;

    private static Message<byte[]?, byte[]?> Letter(TakenMessage refused, Form form, Timestamp timestamp)
    {
        var source = refused.Source.Message;
        return form == Form.Bare
            ? new() { Headers = Headers(refused, []) }
            : new()
            {
                Key = source.Key,
                Value = form == Form.Whole ? source.Value : null,
                Timestamp = timestamp,
                Headers = Headers(refused, source.Headers),
            };
    }

    /// <summary>
    /// A producer may state the time of creation alone. Messages of a topic with <c>LogAppendTime</c> have a time of another type, old ones
    /// have none.
    /// </summary>
    private static Timestamp TimeOf(Message<byte[]?, byte[]?> source) => source.Timestamp.UnixTimestampMs > 0
        ? new Timestamp(source.Timestamp.UnixTimestampMs, TimestampType.CreateTime)
        : Timestamp.Default;

    private static Headers Headers(TakenMessage refused, Headers own)
    {
        var (source, problem) = (refused.Source, refused.Problem!);
        var headers = new Headers();
        foreach (var header in own)
            headers.Add(header);
        Add("error-code", problem.Code);
        Add("error-field", problem.Field ?? "");
        Add("error-detail", problem.Detail);
        Add("error-index", Text(problem.Index));
        Add("errors", Text(refused.Refused));
        Add("source-topic", source.Topic);
        Add("source-partition", Text(source.Partition.Value));
        Add("source-offset", Text(source.Offset.Value));
        return headers;

        void Add(string name, string value) => headers.Add(Prefix + name, Encoding.UTF8.GetBytes(value));
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Facility}: {Line}")]
    private partial void LogClient(string facility, string line);

    /// <summary>What a dead letter has of its message, from all to nothing.</summary>
    private enum Form
    {
        Whole,
        WithoutValue,
        Bare,
    }
}
