using Confluent.Kafka;
using Microsoft.Extensions.Options;

namespace ProfileService.Kafka;

/// <summary>
/// The process's member of the consumer group. Its methods but <see cref="AskBrokers"/> are called by one thread. Partitions come and go
/// only while it waits for messages, so never between an append and the storing of its offsets.
/// </summary>
internal sealed partial class TopicConsumer : IDisposable
{
    private static readonly TimeSpan LongestPoll = TimeSpan.FromMilliseconds(100); // an idle consumer notices the stop after it

    private readonly KafkaOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<TopicConsumer> _logger;
    private readonly HashSet<ErrorCode> _logged = []; // since the last message: while a broker is away, all is told again and again
    private readonly MissingRights _rights;
    private readonly GroupClient _client;
    private PartitionPositions _positions;
    private MessageBatch _taken;
    private bool _isPaused;
    private bool _isMember;

    /// <exception cref="OptionsValidationException">The client refuses the settings.</exception>
    public TopicConsumer(IOptions<KafkaOptions> options, TimeProvider time, ILogger<TopicConsumer> logger)
    {
        (_options, _time, _logger) = (options.Value, time, logger);
        _rights = new MissingRights(_options);
        _taken = new MessageBatch(_options.MaxBatch);
        _client = new GroupClient(_options, AddHandlers, time, logger);
        _positions = new PartitionPositions(Consumer);
    }

    /// <summary>The right without which the brokers give no messages; null if they have not refused since the last one.</summary>
    public string? MissingRight => _rights.Text;

    /// <summary>Whether the client had a fatal error and has not been replaced yet.</summary>
    public bool IsBroken => _client.IsBroken;

    private IConsumer<byte[]?, byte[]?> Consumer => _client.Consumer;

    /// <summary>
    /// Takes the messages that have arrived; waits for the first one a moment, and for no other. Joins the group if the process is no
    /// member; none arrives while it is still leaving.
    /// </summary>
    public MessageBatch Take()
    {
        if (!TryJoin())
        {
            StayOut();
            return new MessageBatch(_options.MaxBatch);
        }

        Resume();
        _taken = new MessageBatch(_options.MaxBatch);
        for (var message = Poll(LongestPoll); message is not null; message = _taken.IsFull ? null : Poll(TimeSpan.Zero))
            _taken.Add(message);
        return _taken;
    }

    /// <summary>
    /// Keeps the membership without taking messages. Messages that were taken and whose partition goes to another process leave their
    /// batch; a partition that comes is paused with its first message, which joins it.
    /// </summary>
    public void Rest()
    {
        Pause(Consumer.Assignment);
        if (Poll(LongestPoll) is { } message)
            _taken.Add(message);
    }

    /// <summary>
    /// Leaves the group, so that others get the partitions and read again what was taken and is not settled. The next
    /// <see cref="Take"/> joins again.
    /// </summary>
    public void StayOut()
    {
        if (_isMember && !_client.IsBroken) // a broken client is no member, and its successor does not join
        {
            Resume();
            Consumer.Unsubscribe();
        }

        _isMember = false;
        _taken = new MessageBatch(_options.MaxBatch);
        Poll(LongestPoll); // takes part in the leaving; what still arrives is read again by whoever is next
    }

    /// <summary>Says that the batch is stored: its offsets may be committed.</summary>
    public void Settle(MessageBatch batch)
    {
        foreach (var (partition, offset) in batch.Ends())
        {
            try
            {
                Consumer.StoreOffset(new TopicPartitionOffset(partition, offset));
                _positions.Set(partition, offset);
            }
            catch (KafkaException e) // the brokers have given the partition to another process, which reads the messages again
            {
                LogNotStored(partition.Partition.Value, e.Error.Reason);
            }
        }

        _taken = new MessageBatch(_options.MaxBatch);
    }

    /// <summary>How many messages of each partition of this process are not settled yet.</summary>
    public IReadOnlyDictionary<int, long> Lag() => _positions.Lag(asksBrokers: _isPaused);

    /// <summary>Returns if a broker responds and has the topic. Any thread may call it.</summary>
    /// <exception cref="KafkaException">No broker responds, or it refuses.</exception>
    public void AskBrokers() => _client.AskBrokers();

    /// <summary>Commits what is settled and leaves the group.</summary>
    public void Close() => _client.Close();

    public void Dispose() => _client.Dispose();

    private void AddHandlers(ConsumerBuilder<byte[]?, byte[]?> builder) => builder
        .SetPartitionsAssignedHandler((_, assigned) => Accept(assigned))
        .SetPartitionsRevokedHandler((_, revoked) => Release(revoked))
        .SetPartitionsLostHandler((_, lost) => Release(lost))
        .SetErrorHandler((_, error) => Note(error));

    private ConsumeResult<byte[]?, byte[]?>? Poll(TimeSpan wait)
    {
        if (_client.IsBroken && !TryBeginAnew())
        {
            Task.Delay(wait, _time).GetAwaiter().GetResult();
            return null;
        }

        try
        {
            var message = Consumer.Consume(wait);
            if (message is not null)
                Forget();
            return message;
        }
        catch (ConsumeException e)
        {
            Note(e.Error);
            return null;
        }
    }

    /// <summary>Waits until the partitions of an earlier membership are given back: messages of them were passed over.</summary>
    private bool TryJoin()
    {
        if (!_isMember && Consumer.Assignment.Count == 0)
        {
            Consumer.Subscribe(_options.Topic);
            _isMember = true;
            LogJoins(_options.Topic, _options.Group);
        }

        return _isMember;
    }

    /// <summary>Goes on with another client, which reads again what was taken and is not settled.</summary>
    private bool TryBeginAnew()
    {
        if (!_client.TryReplace())
            return false;
        _taken.Drop(_taken.Messages.Select(m => m.Source.TopicPartition));
        _positions = new PartitionPositions(Consumer);
        _isPaused = false;
        if (_isMember)
            Consumer.Subscribe(_options.Topic);
        return true;
    }

    private void Note(Error error)
    {
        _client.Note(error);
        _rights.Note(error.Code);
        if (_logged.Add(error.Code))
            LogFailed(error.Code, error.Reason);
    }

    /// <summary>Forgets the earlier errors: messages come again.</summary>
    private void Forget()
    {
        if (_logged.Count > 0)
            _logged.Clear();
        _rights.Forget();
    }

    private void Pause(List<TopicPartition> partitions)
    {
        Consumer.Pause(partitions);
        _isPaused = true;
    }

    private void Resume()
    {
        if (!_isPaused)
            return;
        Consumer.Resume(Consumer.Assignment);
        _isPaused = false;
    }

    private void Accept(List<TopicPartition> partitions)
    {
        _rights.NoteAssigned(partitions);
        LogAssigned(new PartitionList(partitions));
    }

    private void Release(List<TopicPartitionOffset> partitions)
    {
        var gone = partitions.ConvertAll(p => p.TopicPartition);
        _taken.Drop(gone);
        _positions.Forget(gone);
        LogReleased(new PartitionList(gone));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Consumes events from {Topic} as a member of {Group}")]
    private partial void LogJoins(string topic, string group);

    [LoggerMessage(Level = LogLevel.Information, Message = "Consumes partitions {Partitions} from now on")]
    private partial void LogAssigned(PartitionList partitions);

    [LoggerMessage(Level = LogLevel.Information, Message = "No longer consumes partitions {Partitions}")]
    private partial void LogReleased(PartitionList partitions);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Kafka reports {Code}: {Reason}")]
    private partial void LogFailed(ErrorCode code, string reason);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Offsets of partition {Partition} cannot be stored, because the partition is another process's now: {Reason}")]
    private partial void LogNotStored(int partition, string reason);

    /// <summary>Written only if the log takes it.</summary>
    private readonly record struct PartitionList(List<TopicPartition> Partitions)
    {
        public override string ToString() => string.Join(", ", Partitions.Select(p => p.Partition.Value));
    }
}
