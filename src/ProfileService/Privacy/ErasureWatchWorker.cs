using ProfileService.Platform;

namespace ProfileService.Privacy;

/// <summary>Keeps the process's <see cref="ErasureWatch"/> up to date: on each message, and once a second.</summary>
internal sealed partial class ErasureWatchWorker(
    ErasureWatch watch, TimeProvider time, ILogger<ErasureWatchWorker> logger, RedisConnection? redis = null) : BackgroundService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RecordInterval = ErasureWatch.LongestSilence / 3;

    private readonly Signal _told = new(time);
    private bool _isSubscribed;
    private int _failures;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await watch.BeginAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await watch.EndAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var recorded = time.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await watch.FollowAsync(stoppingToken);
                if (time.GetElapsedTime(recorded) > RecordInterval)
                {
                    await watch.RecordAsync(stoppingToken);
                    recorded = time.GetTimestamp();
                }

                await SubscribeAsync();
                _failures = 0;
            }
            catch (Exception e)
            {
                _failures++;
                if (stoppingToken.IsCancellationRequested)
                    break;
                if (!StoreFailure.Is(e) && _failures == 1)
                    LogFailed(e);
                if (StoreFailure.Is(e) && _failures == 2) // the first commands after a start or a reconnect may fail
                    LogAway(StoreFailure.CauseOf(e).Message);
            }

            await _told.WaitAsync(PollInterval, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SubscribeAsync()
    {
        if (redis is null || _isSubscribed)
            return;
        await redis.Subscriber.SubscribeAsync(ErasureWatch.Channel, (_, message) =>
        {
            watch.Hear(message);
            _told.Raise();
        });
        _isSubscribed = true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot follow the ledger of erased users; retrying every second: {Reason}")]
    private partial void LogAway(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Cannot follow the ledger of erased users; retrying every second")]
    private partial void LogFailed(Exception exception);
}
