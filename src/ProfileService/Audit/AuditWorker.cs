using ProfileService.Platform;

namespace ProfileService.Audit;

/// <summary>Writes waiting entries to the database, once a second while there are any, and what is left at the stop.</summary>
internal sealed partial class AuditWorker(AuditLog log, AuditStore store, TimeProvider time, ILogger<AuditWorker> logger)
    : BackgroundService
{
    private const int MaxBatch = 1_000; // kinds of requests
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastTry = TimeSpan.FromSeconds(5);

    private readonly Dictionary<(string, string, string, int), AuditEntry> _batch = []; // by kind
    private bool _fails;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var limit = new CancellationTokenSource(LastTry, time);
        while (ExecuteTask is not { IsCompleted: false } && Take() && await TryWriteAsync(limit.Token))
        {
        }

        if (_batch.Values.Sum(e => e.Count) + log.Waiting.Count + log.TakeLost() is > 0 and var lost)
            LogLost(lost);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            if (!Take() || !await TryWriteAsync(stoppingToken) || log.Waiting.Count == 0)
                await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (log.TakeLost() is > 0 and var lost)
                LogLost(lost);
        }
    }

    /// <summary>
    /// Fills the batch; entries that could not be written are still in it. Entries of the same kind take one place, so that a flood of
    /// equal refusals does not fill the log while the database is away.
    /// </summary>
    private bool Take()
    {
        for (var read = 0; read < AuditLog.MaxWaiting && HasRoom() && log.Waiting.TryRead(out var entry); read++)
            _batch[entry.Kind] = entry with { Count = entry.Count + (_batch.GetValueOrDefault(entry.Kind)?.Count ?? 0) };
        return _batch.Count > 0;
    }

    private bool HasRoom() =>
        _batch.Count < MaxBatch || (log.Waiting.TryPeek(out var next) && _batch.ContainsKey(next.Kind));

    private async Task<bool> TryWriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await store.AppendAsync([.. _batch.Values], cancellationToken);
            _batch.Clear();
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
