using ProfileService.Platform;

namespace ProfileService.Attribution;

/// <summary>Every few seconds, and once more at the stop, stores what became of recommendations.</summary>
internal sealed partial class OutcomeWorker(Outcomes outcomes, TimeProvider time, ILogger<OutcomeWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private bool _fails;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await outcomes.StoreAsync(cancellationToken);
        }
        catch (Exception e)
        {
            LogLost(StoreFailure.CauseOf(e).Message);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stoppingToken.IsCancellationRequested)
                await StoreAsync(stoppingToken);
        }
    }

    private async Task StoreAsync(CancellationToken cancellationToken)
    {
        try
        {
            await outcomes.StoreAsync(cancellationToken);
            _fails = false;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested) // StopAsync stores once more
        {
        }
        catch (Exception e)
        {
            if (!_fails)
                LogFailed(StoreFailure.CauseOf(e).Message);
            _fails = true;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Cannot store counts of recommendations; keeping them in memory and retrying every few seconds: {Reason}")]
    private partial void LogFailed(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The last counts of recommendations could not be stored and are lost: {Reason}")]
    private partial void LogLost(string reason);
}
