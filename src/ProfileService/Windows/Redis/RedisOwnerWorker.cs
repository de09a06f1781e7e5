using Microsoft.Extensions.Options;
using ProfileService.Platform;

namespace ProfileService.Windows.Redis;

/// <summary>Takes the windows in Redis before anything is claimed, and keeps them until the stop (<see cref="RedisOwner"/>).</summary>
internal sealed partial class RedisOwnerWorker(RedisOwner owner, TimeProvider time, ILogger<RedisOwnerWorker> logger) : BackgroundService
{
    private static readonly TimeSpan RenewalInterval = TimeSpan.FromSeconds(2);

    /// <exception cref="OptionsValidationException">A running process owns the windows.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await WaitAsync(cancellationToken);
        }
        catch (Exception e) when (StoreFailure.IsOfRedis(e))
        {
            // Redis is full, or a part of a cluster is unreachable. Nothing is claimed until it answers; readiness reports it.
        }

        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await RenewAsync(stoppingToken);
        try
        {
            await owner.GiveBackAsync();
        }
        catch (Exception e) when (StoreFailure.IsOfRedis(e))
        {
            // The lease ends by itself.
        }
    }

    private async Task RenewAsync(CancellationToken stoppingToken)
    {
        string? before = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(RenewalInterval, time, stoppingToken);
                var advice = await owner.TakeAsync();
                if (advice is not null && advice != before)
                    LogTaken(advice);
                before = advice;
            }
            catch (Exception e) when (StoreFailure.IsOfRedis(e) || stoppingToken.IsCancellationRequested)
            {
            }
        }
    }

    /// <summary>Takes the windows at once, or when the lease of a process that died has ended.</summary>
    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        for (var (began, isFirst) = (time.GetTimestamp(), true); ; isFirst = false)
        {
            var isLast = time.GetElapsedTime(began) > RedisOwner.Lease;
            if (await owner.TakeAsync() is not { } advice)
                return;
            if (isLast)
                throw new OptionsValidationException(nameof(Windows), typeof(WindowOptions), [advice]);
            if (isFirst)
                LogWaiting(RedisOwner.Lease, advice);
            await Task.Delay(RenewalInterval, time, cancellationToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Waiting up to {Lease} in case that process has died. {Advice}")]
    private partial void LogWaiting(TimeSpan lease, string advice);

    [LoggerMessage(Level = LogLevel.Error, Message = "This process no longer refreshes anybody and is not ready. {Advice}")]
    private partial void LogTaken(string advice);
}
