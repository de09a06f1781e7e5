using Confluent.Kafka;
using Microsoft.Extensions.Options;

namespace ProfileService.Kafka;

/// <summary>
/// The client by which the process is a member of the group, and the one that takes its place after a fatal error. One thread uses it, but
/// for <see cref="AskBrokers"/> and <see cref="IsBroken"/>.
/// </summary>
internal sealed partial class GroupClient : IDisposable
{
    private static readonly TimeSpan LongestQuestion = TimeSpan.FromSeconds(1.5); // a health check waits for 2 s
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly KafkaOptions _options;
    private readonly Action<ConsumerBuilder<byte[]?, byte[]?>> _addHandlers;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _inUse = new(); // by another thread; the client may not be disposed of meanwhile
    private volatile bool _isBroken;
    private bool _isFailureLogged;
    private long? _tried;

    /// <exception cref="OptionsValidationException">The client refuses the settings.</exception>
    public GroupClient(
        KafkaOptions options, Action<ConsumerBuilder<byte[]?, byte[]?>> addHandlers, TimeProvider time, ILogger logger)
    {
        (_options, _addHandlers, _time, _logger) = (options, addHandlers, time, logger);
        Consumer = Build();
    }

    public IConsumer<byte[]?, byte[]?> Consumer { get; private set; }

    /// <summary>Whether the client had a fatal error, after which it delivers nothing more, and has not been replaced yet.</summary>
    public bool IsBroken => _isBroken;

    public void Note(Error error) => _isBroken |= error.IsFatal;

    /// <summary>Puts a new client in the place of the broken one, once a second at most; false if none can be made.</summary>
    public bool TryReplace()
    {
        if (_tried is { } tried && _time.GetElapsedTime(tried) < RetryInterval)
            return false;
        _tried = _time.GetTimestamp();
        if (TryBuild() is not { } next)
            return false;
        lock (_inUse)
        {
            Consumer.Dispose();
            Consumer = next;
        }

        (_isBroken, _isFailureLogged) = (false, false);
        LogAnew();
        return true;
    }

    /// <summary>Returns if a broker responds and has the topic. Any thread may call it.</summary>
    /// <exception cref="KafkaException">No broker responds, or it refuses.</exception>
    public void AskBrokers()
    {
        lock (_inUse)
        {
            using var admin = new DependentAdminClientBuilder(Consumer.Handle).Build();
            var topic = admin.GetMetadata(_options.Topic, LongestQuestion).Topics.Single();
            if (topic.Error.IsError)
                throw new KafkaException(topic.Error);
        }
    }

    /// <summary>Commits what is settled and leaves the group.</summary>
    public void Close()
    {
        if (!_isBroken) // else it is no member any more, and throws
            Consumer.Close();
    }

    public void Dispose()
    {
        lock (_inUse)
            Consumer.Dispose();
    }

    // A setting that was right at the start may be wrong for a while: the file of a certificate is read by each client.
    private IConsumer<byte[]?, byte[]?>? TryBuild()
    {
        try
        {
            return Build();
        }
        catch (OptionsValidationException e)
        {
            if (!_isFailureLogged)
                LogNotReplaced(e.Message);
            _isFailureLogged = true;
            return null;
        }
    }

    private IConsumer<byte[]?, byte[]?> Build()
    {
        try
        {
            var builder = new ConsumerBuilder<byte[]?, byte[]?>(KafkaClients.Consumer(_options));
            _addHandlers(builder);
            return builder.SetLogHandler((_, line) => LogClient(line.Facility, line.Message)).Build();
        }
        catch (Exception e) when (e is KafkaException or InvalidOperationException or ArgumentException)
        {
            throw new OptionsValidationException("", typeof(KafkaOptions), [$"Kafka: the client refuses the settings: {e.Message}"]);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The client of Kafka could not go on; another one joins the group in its place")]
    private partial void LogAnew();

    [LoggerMessage(Level = LogLevel.Error,
        Message = "The client of Kafka could not go on, and no other one can be made; trying again every second. {Reason}")]
    private partial void LogNotReplaced(string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Facility}: {Line}")]
    private partial void LogClient(string facility, string line);
}
