using ProfileService.Platform;

namespace ProfileService.Auth;

/// <summary>
/// Reads the keys at start and every two seconds, so that a revoked key is refused everywhere within five, and notes when keys were used.
/// While the database is away, the keys that were read last go on: events must not depend on it.
/// </summary>
internal sealed partial class KeyWorker(KeyStore store, KeyRing ring, TimeProvider time, ILogger<KeyWorker> logger) : BackgroundService
{
    private static readonly TimeSpan BetweenReads = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenNotes = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, DateTime> _noted = [];
    private bool _isAway;
    private bool _isUnnoted;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await ring.ReadAsync(cancellationToken);
        if (ring.Keys.All(key => key.FailureAt(time.GetUtcNow()) is not null))
            LogNoKey();
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(BetweenReads, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _isAway = !await TryAsync(ring.ReadAsync, _isAway ? null : LogAway, stoppingToken);
            if (!_isAway)
                _isUnnoted = !await TryAsync(NoteUsesAsync, _isUnnoted ? null : LogUnnoted, stoppingToken);
        }
    }

    /// <param name="log">Writes the reason down; null if the last try failed, too.</param>
    private static async Task<bool> TryAsync(
        Func<CancellationToken, Task> attempt, Action<string>? log, CancellationToken cancellationToken)
    {
        try
        {
            await attempt(cancellationToken);
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return true; // the stop is no failure
        }
        catch (Exception e)
        {
            log?.Invoke(StoreFailure.CauseOf(e).Message);
            return false;
        }
    }

    private async Task NoteUsesAsync(CancellationToken cancellationToken)
    {
        foreach (var key in ring.Keys)
        {
            if (key.LastUsedAt is not { } used || used - _noted.GetValueOrDefault(key.Row.Id) < BetweenNotes)
                continue;
            await store.NoteUseAsync(key.Row.Id, used, cancellationToken);
            _noted[key.Row.Id] = used;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "No API key is valid, so that nobody can sign in with one. Make one: profiles keys create NAME --scopes all -- SETTINGS")]
    private partial void LogNoKey();

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The API keys cannot be read; those read last go on, and changes take effect when the store is back: {Reason}")]
    private partial void LogAway(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "When API keys were last used cannot be written; it is tried again: {Reason}")]
    private partial void LogUnnoted(string reason);
}
