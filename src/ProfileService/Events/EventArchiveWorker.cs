namespace ProfileService.Events;

/// <summary>
/// Opens the archive at start and once an hour, so that others see that it is in use; then drops its old days, and indexes days that have
/// no index. An archive that cannot be used stops the start.
/// </summary>
/// <param name="archive">Null if this process does not archive.</param>
internal sealed partial class EventArchiveWorker(
    ArchiveDays days, TimeProvider time, ILogger<EventArchiveWorker> logger, EventArchive? archive = null) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (archive is not null)
            await archive.OpenAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (archive is not null)
                    await archive.OpenAsync(stoppingToken);
                if (await days.AreOwnAsync(stoppingToken))
                    await KeepAsync(stoppingToken);
            }
            catch (Exception e)
            {
                if (!stoppingToken.IsCancellationRequested)
                    LogFailed(e);
            }

            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task KeepAsync(CancellationToken stoppingToken)
    {
        foreach (var day in await days.DropOldAsync(stoppingToken))
            LogDropped(day);
        foreach (var day in await days.IndexAsync(stoppingToken))
            LogIndexed(day);
    }

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Dropped the archived events of {Day}, which are older than Events:ArchiveRetention")]
    private partial void LogDropped(DateOnly day);

    [LoggerMessage(Level = LogLevel.Information, Message = "The archived events of {Day} can be found by user from now on")]
    private partial void LogIndexed(DateOnly day);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Could not open the event archive, drop its old days or index a day; retrying in an hour")]
    private partial void LogFailed(Exception exception);
}
