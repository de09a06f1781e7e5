namespace ProfileService.Attribution;

/// <summary>Stores what became of recommendations every few seconds, and once more at the stop.</summary>
internal sealed partial class OutcomeWorker(Outcomes outcomes, TimeProvider time, ILogger<OutcomeWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private bool _isAway;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await StoreAsync(cancellationToken);
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
            _isAway = false;
        }
        catch (Exception e)
        {
            if (!_isAway && !cancellationToken.IsCancellationRequested)
                LogAway(e.Message);
            _isAway = true;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Counts of recommendations cannot be stored now; they are kept in memory and tried again every few seconds: {Reason}")]
    private partial void LogAway(string reason);
}
