using ProfileService.Platform;
using ProfileService.Windows.Redis.Due;
using StackExchange.Redis;

namespace ProfileService.Windows.Redis;

/// <summary>
/// Learns which users other processes made due: at once from published messages and, because messages can be lost, by polling one partition
/// after the other, 16 per second. Of 256 partitions, each is polled every 16 s, so that the end of another process's lease of 30 s is
/// known before it comes.
/// </summary>
internal sealed partial class RedisDueWorker(
    RedisConnection redis,
    RedisPartitions partitions,
    RedisPartitionGuard guard,
    RedisDueUsers users,
    DuePartitions due,
    DueSignal signal,
    TimeProvider time,
    ILogger<RedisDueWorker> logger) : BackgroundService
{
    private const int UpdatesPerSecond = 16;
    private static readonly TimeSpan UpdateInterval = TimeSpan.FromSeconds(1.0 / UpdatesPerSecond);

    private volatile bool _mayHaveMissed = true;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        redis.Restored += OnRestored;
        try
        {
            await WatchAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        finally
        {
            redis.Restored -= OnRestored;
        }
    }

    private async Task WatchAsync(CancellationToken stoppingToken)
    {
        var (isSubscribed, failures) = (false, 0);
        for (var partition = 0; ; partition = (partition + 1) % partitions.Count)
        {
            try
            {
                if (!isSubscribed)
                    await redis.Subscriber.SubscribeAsync(RedisDueUsers.Channel, (_, message) => OnDue(message));
                isSubscribed = true;
                if (_mayHaveMissed)
                    await UpdateAllAsync();
                if (partition == 0)
                    await guard.LookAsync(); // a flush of Redis also deletes the number of partitions
                if (!due.IsAvoided(partition))
                    await users.UpdateAsync(partition);
                failures = 0;
            }
            catch (Exception e) when (StoreFailure.IsOfRedis(e))
            {
                if (++failures == UpdatesPerSecond) // the first commands after a start or a reconnect may fail
                    LogFailing(e, partition);
            }

            await Task.Delay(UpdateInterval, time, stoppingToken);
        }
    }

    private async Task UpdateAllAsync()
    {
        _mayHaveMissed = false;
        await users.UpdateAsync();
        signal.Raise();
    }

    private void OnRestored(object? sender, ConnectionFailedEventArgs e) => _mayHaveMissed = true;

    private void OnDue(RedisValue message)
    {
        if (!message.TryParse(out int partition) || partition < 0 || partition >= partitions.Count)
            return;
        due.Add(partition, time.GetUtcNow().ToUnixTimeMilliseconds());
        signal.Raise();
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Partition {Partition} and maybe others cannot be asked for due users; they are asked again")]
    private partial void LogFailing(Exception exception, int partition);
}
