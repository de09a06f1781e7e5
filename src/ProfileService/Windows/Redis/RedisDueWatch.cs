using Microsoft.Extensions.Options;
using ProfileService.Platform;
using ProfileService.Windows.Redis.Due;
using StackExchange.Redis;

namespace ProfileService.Windows.Redis;

/// <summary>
/// Learns which users other processes made due: at once from what they publish, and, as such news can be lost, by looking at one
/// partition after the other, 16 a second, which is all that an idle process asks of Redis. With 256 partitions each is looked at
/// twice within a lease of 30 s, so that the end of another process's lease is known before it comes.
/// </summary>
internal sealed partial class RedisDueWatch(
    RedisConnection redis, RedisPartitions partitions, RedisPartitionGuard guard, RedisDueUsers users, DuePartitions due, DueSignal signal, TimeProvider time,
    ILogger<RedisDueWatch> logger) : BackgroundService
{
    private const int LooksPerSecond = 16;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1.0 / LooksPerSecond);

    private volatile bool _hasMissedNews = true;

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
                    await redis.Subscriber.SubscribeAsync(RedisDueUsers.Channel, (_, partition) => Hear(partition));
                isSubscribed = true;
                if (_hasMissedNews)
                    await UpdateAllAsync();
                if (partition == 0)
                    await guard.CheckAsync(); // a flush takes the number of partitions along
                if (!due.IsAvoided(partition, time.GetUtcNow().ToUnixTimeMilliseconds()))
                    await users.UpdateAsync(partition);
                failures = 0;
            }
            catch (Exception e) when (StoreFailure.IsOfRedis(e) || e is OptionsValidationException)
            {
                if (++failures == LooksPerSecond) // at a start and a reconnect the first may come too early
                    LogFailing(e, partition);
            }

            await Task.Delay(BetweenLooks, time, stoppingToken);
        }
    }

    private async Task UpdateAllAsync()
    {
        _hasMissedNews = false;
        await users.UpdateAsync();
        signal.Raise();
    }

    private void OnRestored(object? sender, ConnectionFailedEventArgs e) => _hasMissedNews = true;

    private void Hear(RedisValue message)
    {
        if (!message.TryParse(out int partition) || partition < 0 || partition >= partitions.Count)
            return;
        due.Add(partition, time.GetUtcNow().ToUnixTimeMilliseconds());
        signal.Raise();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Partition {Partition} and maybe others cannot be looked at for due users; tried on")]
    private partial void LogFailing(Exception exception, int partition);
}
