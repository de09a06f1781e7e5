using Confluent.Kafka;
using ProfileService.Model;
using ProfileService.Platform;

namespace ProfileService.Kafka;

/// <summary>
/// Consumes a topic of events. A batch of messages is appended before its offsets may be committed, so that each event is stored at least
/// once; one that is read again is a duplicate. While the stores refuse, the batch waits and nothing else is taken. A process that cannot
/// store events because of a wrong setting of its own is no member of the group.
/// </summary>
internal sealed partial class KafkaWorker(
    TopicConsumer consumer,
    MessageIntake intake,
    OwnObstacle own,
    DeadLetters deadLetters,
    ProfileMetrics metrics,
    TimeProvider time,
    ILogger<KafkaWorker> logger) : BackgroundService
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LagInterval = TimeSpan.FromSeconds(1);

    private volatile string? _obstacle;
    private volatile string? _ownObstacle;
    private long _lagSetAt;

    /// <summary>Why the events that were taken wait; null if they do not.</summary>
    public string? Obstacle => _obstacle;

    /// <summary>Why this process is no member of the group; null if it is one.</summary>
    public string? OwnObstacle => _ownObstacle;

    // A thread of its own: the client waits for messages by blocking.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(() => Run(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            if (LooksForOwnObstacle())
                StayOut(stopping);
            else if (consumer.Take() is { Messages.Count: > 0 } batch)
                Store(batch, stopping);
            UpdateLag();
        }

        consumer.Close();
    }

    private bool LooksForOwnObstacle()
    {
        var obstacle = own.FindAsync().GetAwaiter().GetResult();
        if (obstacle is not null && _ownObstacle is null)
            LogStaysOut(obstacle);
        _ownObstacle = obstacle;
        return obstacle is not null;
    }

    private void StayOut(CancellationToken stopping)
    {
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < RetryInterval && !stopping.IsCancellationRequested; UpdateLag())
            consumer.StayOut();
    }

    /// <summary>
    /// Stores the batch, however often it must be tried. A batch that is not stored at the stop, or because of an obstacle of this process
    /// alone, is read again by whoever is next.
    /// </summary>
    private void Store(MessageBatch batch, CancellationToken stopping)
    {
        while (!TryStoreAsync(batch).GetAwaiter().GetResult())
        {
            if (LooksForOwnObstacle())
            {
                consumer.StayOut(); // now, because the obstacle may be gone at the next look, and the batch with it
                _obstacle = null; // nothing waits any more
                return;
            }

            metrics.CountKafkaRetry();
            for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < RetryInterval; UpdateLag())
            {
                if (stopping.IsCancellationRequested)
                    return;
                consumer.Rest();
            }
        }

        consumer.Settle(batch);
    }

    // What has begun is ended, also at the stop: the stores have time limits of their own.
    private async Task<bool> TryStoreAsync(MessageBatch batch)
    {
        try
        {
            await intake.StoreAsync(batch, CancellationToken.None);
            if (deadLetters.IsOn)
                await deadLetters.SendAsync(batch.Refused, CancellationToken.None);
            Count(batch);
        }
        catch (Exception e) // whatever it is, to go on would lose events
        {
            if (_obstacle is null)
                LogWaits(IsExpected(e) ? null : e, StoreFailure.CauseOf(e).Message);
            _obstacle = Explain(e);
            return false;
        }

        if (_obstacle is not null)
            LogGoesOn();
        _obstacle = null;
        return true;
    }

    private static bool IsExpected(Exception e) =>
        e is OverloadedException or OtherModelException or KafkaException || StoreFailure.Is(e);

    // Whoever asks for health reads it.
    private static string Explain(Exception e) => e switch
    {
        OverloadedException or OtherModelException => e.Message,
        KafkaException refused => $"the dead letters cannot be written: {refused.Error.Reason}",
        _ when StoreFailure.Is(e) => "a store does not respond.",
        _ => "the log says why.",
    };

    // Counts once, when the batch and its dead letters are written.
    private void Count(MessageBatch batch)
    {
        var refused = batch.Refused.ToList();
        metrics.CountEvents(ProfileMetrics.Rejected, batch.Messages.Sum(m => m.Refused + m.NotAllowed));
        metrics.CountKafkaMessages("stored", batch.Messages.Count - refused.Count);
        metrics.CountKafkaMessages(deadLetters.IsOn ? "dead_letter" : "passed_over", refused.Count);
        foreach (var alike in refused.GroupBy(r => (r.Problem!.Code, Partition: r.Source.Partition.Value)))
            LogRefused(alike.Count(), alike.Key.Partition, alike.First().Source.Offset.Value, alike.Key.Code);
    }

    private void UpdateLag()
    {
        if (_lagSetAt != 0 && time.GetElapsedTime(_lagSetAt) < LagInterval)
            return;
        _lagSetAt = time.GetTimestamp();
        metrics.SetKafkaLag(consumer.Lag());
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Is no member of the consumer group, because this process cannot store events; it joins once it can. {Reason}")]
    private partial void LogStaysOut(string reason);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Events from Kafka cannot be stored and wait; retrying every second, and committing no offset meanwhile. {Reason}")]
    private partial void LogWaits(Exception? exception, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Events from Kafka are stored again")]
    private partial void LogGoesOn();

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "{Count} messages of partition {Partition} were refused, the first at offset {Offset}: {Code}")]
    private partial void LogRefused(int count, int partition, long offset, string code);
}
