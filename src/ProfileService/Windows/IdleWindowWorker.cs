namespace ProfileService.Windows;

/// <summary>Drops idle windows once an hour.</summary>
internal sealed partial class IdleWindowWorker(IWindowStore windows, TimeProvider time, ILogger<IdleWindowWorker> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var dropped = await windows.DropIdleAsync(stoppingToken);
                if (dropped > 0)
                    LogDropped(dropped);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogFailed(e);
            }

            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Dropped {Count} windows to which nothing came for Windows:IdleTtl")]
    private partial void LogDropped(int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "Could not drop idle windows; retrying in an hour")]
    private partial void LogFailed(Exception exception);
}
