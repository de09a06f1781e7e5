using ProfileService.Platform;

namespace ProfileService.Auth;

/// <summary>
/// Reads the keys at start and every two seconds, so that a revoked key is refused everywhere within five, and notes when keys were used.
/// While the database is away, the keys that were read last go on: events must not depend on it.
/// </summary>
internal sealed partial class KeyWorker(KeyStore store, KeyRing ring, TimeProvider time, ILogger<KeyWorker> logger) : BackgroundService
{
    private static readonly TimeSpan ReadInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan NoteInterval = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, DateTime> _noted = [];

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await ring.ReadAsync(cancellationToken);
        if (ring.Keys.All(key => key.FailureAt(time.GetUtcNow()) is not null))
            LogNoKey();
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Two loops: a database that is slow to write must not delay the news of a revoked key.</summary>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(RepeatAsync(ring.ReadAsync, LogAway, stoppingToken), RepeatAsync(NoteUsesAsync, LogUnnoted, stoppingToken));

    /// <param name="log">Writes down why an attempt failed, unless the one before failed, too.</param>
    private async Task RepeatAsync(Func<CancellationToken, Task> attempt, Action<string> log, CancellationToken stoppingToken)
    {
        for (var fails = false; !stoppingToken.IsCancellationRequested;)
        {
            await Task.Delay(ReadInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await attempt(stoppingToken);
                fails = false;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
            }
            catch (Exception e)
            {
                if (!fails)
                    log(StoreFailure.CauseOf(e).Message);
                fails = true;
            }
        }
    }

    private async Task NoteUsesAsync(CancellationToken cancellationToken)
    {
        foreach (var key in ring.Keys)
        {
            if (key.LastUsedAt is not { } used || used - _noted.GetValueOrDefault(key.Row.Id) < NoteInterval)
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
