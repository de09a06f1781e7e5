namespace ProfileService.Windows;

/// <summary>
/// Releases claims after a failure of the store, so that their users need not wait for the end of the lease. A release is retried, with
/// growing pauses, until it succeeds or the lease has ended.
/// </summary>
internal sealed partial class LateReleases(TimeProvider time, ILogger<LateReleases> logger)
{
    private const int MaxPending = 10_000; // the claims of further releases end with their leases
    private const int MaxAtOnce = 32;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private List<Pending> _pending = [];
    private bool _isRunning;

    /// <summary>Runs a release. If it fails, it is retried in the background, and the exception is thrown to the caller.</summary>
    /// <param name="lease">How long the lease can last from now.</param>
    public async Task TryAsync(Func<Task> release, TimeSpan lease)
    {
        try
        {
            await release();
        }
        catch
        {
            Add(release, lease, isClaimAnswered: true);
            throw;
        }
    }

    /// <summary>Runs a release in the background.</summary>
    /// <param name="lease">As for <see cref="TryAsync"/>.</param>
    /// <param name="isClaimAnswered">
    /// Whether the server has answered the claim. A claim without an answer may still be executed after a release that found nothing;
    /// therefore its release is repeated until the lease has ended.
    /// </param>
    public void Add(Func<Task> release, TimeSpan lease, bool isClaimAnswered)
    {
        lock (_lock)
        {
            if (_pending.Count >= MaxPending)
                return;
            _pending.Add(new Pending(release, time.GetUtcNow() + lease, isClaimAnswered, TimeSpan.Zero, time.GetTimestamp()));
            if (_isRunning)
                return;
            _isRunning = true;
        }

        _ = Task.Run(RunAsync);
    }

    private async Task RunAsync()
    {
        while (Take() is { } pending)
        {
            foreach (var chunk in pending.Chunk(MaxAtOnce))
                Keep(await Task.WhenAll(chunk.Select(RetryAsync)));
            await Task.Delay(FirstPause, time);
        }
    }

    /// <summary>Takes the releases that are due. If none is pending, returns null, and <see cref="RunAsync"/> ends.</summary>
    private List<Pending>? Take()
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var ready = _pending.FindAll(IsReady);
            _pending = _pending.FindAll(p => !IsReady(p));
            _isRunning = ready.Count + _pending.Count > 0;
            return _isRunning ? ready : null;

            bool IsReady(Pending p) => time.GetElapsedTime(p.Since, now) >= p.Pause;
        }
    }

    private void Keep(Pending?[] pending)
    {
        var now = time.GetUtcNow();
        lock (_lock)
            _pending.AddRange(pending.OfType<Pending>().Where(p => p.LeaseEnd > now));
    }

    /// <summary>Returns what remains to be done; null if nothing does.</summary>
    private async Task<Pending?> RetryAsync(Pending pending)
    {
        try
        {
            await pending.Release();
            return pending.IsClaimAnswered ? null : pending.Later(time.GetTimestamp());
        }
        catch (Exception e)
        {
            LogFailed(e);
            return pending.Later(time.GetTimestamp());
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Could not give claims back; retrying until their lease has ended")]
    private partial void LogFailed(Exception exception);

    /// <param name="Pause">How long it waits for its next attempt.</param>
    /// <param name="Since">Timestamp from which on it waits.</param>
    private sealed record Pending(Func<Task> Release, DateTimeOffset LeaseEnd, bool IsClaimAnswered, TimeSpan Pause, long Since)
    {
        public Pending Later(long now) => this with
        {
            Pause = Pause == TimeSpan.Zero ? FirstPause : Pause < LongestPause / 2 ? 2 * Pause : LongestPause,
            Since = now,
        };
    }
}
