using ProfileService.Platform;

namespace ProfileService.Audit;

/// <summary>Writes waiting entries to the database, once a second while there are any, and what is left at the stop.</summary>
internal sealed partial class AuditWorker(AuditLog log, AuditStore store, TimeProvider time, ILogger<AuditWorker> logger)
    : BackgroundService
{
    private const int MaxBatch = 1_000;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastTry = TimeSpan.FromSeconds(5);

    private List<AuditEntry> _batch = []; // taken; not written yet
    private bool _fails;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var limit = new CancellationTokenSource(LastTry, time);
        while (ExecuteTask is not { IsCompleted: false } && await WriteAsync(limit.Token) > 0)
        {
        }

        var left = _batch.Concat(log.Take(AuditLog.MaxWaiting)).Sum(e => e.Count);
        if (left + log.TakeLost() is > 0 and var lost)
            LogLost(lost);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            if (await WriteAsync(stoppingToken) < MaxBatch) // a trickle waits, too, so that equal entries share a row
                await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (log.TakeLost() is > 0 and var lost)
                LogLost(lost);
        }
    }

    /// <summary>
    /// Writes a batch: the one that could not be written before, or the next. Returns how many entries it had; 0 if it failed.
    /// </summary>
    private async Task<int> WriteAsync(CancellationToken cancellationToken)
    {
        if (_batch.Count == 0)
            _batch = log.Take(MaxBatch);
        if (_batch is not { Count: > 0 and var count } || !await TryWriteAsync(cancellationToken))
            return 0;
        _batch = [];
        return count;
    }

    private async Task<bool> TryWriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await store.AppendAsync(_batch, cancellationToken);
            _fails = false;
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception e)
        {
            if (!_fails)
                LogFailed(StoreFailure.CauseOf(e).Message);
            _fails = true;
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The audit log cannot be written; entries wait in memory: {Reason}")]
    private partial void LogFailed(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} entries are missing from the audit log, because it could not be written")]
    private partial void LogLost(long count);
}
