using ProfileService.Platform;
using StackExchange.Redis;

namespace ProfileService.Privacy;

/// <summary>Restores marks that Redis lost: when it becomes reachable again, and once a minute those of the last erasures.</summary>
internal sealed partial class MarkWorker(
    MarkKeeper marks, RedisConnection redis, TimeProvider time, ILogger<MarkWorker> logger) : BackgroundService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1); // a server that has just come back may fail again
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(10); // for the timer
    private static readonly TimeSpan SinceRestored = TimeSpan.FromDays(1); // after a failover; a restart of Redis is one, too

    private readonly Signal _restored = new(time);
    private volatile bool _wasRestored;
    private int _failures;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        redis.Restored += OnRestored;
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = _failures > 0 ? RetryInterval : PollInterval;
            await _restored.WaitAsync(pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var wasRestored = _wasRestored;
            _wasRestored = false;
            try
            {
                var now = time.GetUtcNow();
                await (wasRestored
                    ? marks.RestoreWithLastAsync((now - SinceRestored).UtcDateTime, stoppingToken)
                    : marks.RestoreAsync((now - Recent).UtcDateTime, stoppingToken));
                _failures = 0;
            }
            catch (Exception e)
            {
                _wasRestored |= wasRestored;
                if (_failures++ == 0 && !stoppingToken.IsCancellationRequested)
                    LogFailed(e);
            }
        }

        redis.Restored -= OnRestored;
    }

    private void OnRestored(object? sender, ConnectionFailedEventArgs e)
    {
        _wasRestored = true;
        _restored.Raise();
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Could not compare the marks of erased users with the ledger; retrying every second")]
    private partial void LogFailed(Exception exception);
}
