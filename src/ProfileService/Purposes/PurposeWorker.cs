namespace ProfileService.Purposes;

/// <summary>Reads all users' purposes at start, and every second what changed.</summary>
internal sealed partial class PurposeWorker(
    PurposeStore store, UserPurposes purposes, TimeProvider time, ILogger<PurposeWorker> logger) : BackgroundService
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private long _read; // sequence of the last change that was read
    private bool _isLogged;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(BetweenLooks, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await ReadAsync(stoppingToken);
                _isLogged = false;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                if (!_isLogged)
                    LogFailed(e);
                _isLogged = true; // until it succeeds
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        while (await store.ReadPageAsync(_read, cancellationToken) is { Count: > 0 } page)
        {
            foreach (var row in page)
                purposes.Take(row);
            _read = page[^1].Sequence;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Changes of users' purposes cannot be read; tried again every second. Until then those that are known hold")]
    private partial void LogFailed(Exception exception);
}
