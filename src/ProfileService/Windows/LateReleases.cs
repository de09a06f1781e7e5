namespace ProfileService.Windows;

/// <summary>
/// Releases claims after the store failed, so that their users need not wait for the end of a lease: tries again, with growing pauses,
/// until it goes through or the lease has ended.
/// </summary>
internal sealed partial class LateReleases(TimeProvider time, ILogger<LateReleases> logger)
{
    private const int MostPending = 10_000; // the leases of more run out by themselves
    private const int MostAtOnce = 32;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private List<Pending> _pending = [];
    private bool _isRunning;

    /// <summary>Runs a release. Where it fails, the caller is told, and it is tried again meanwhile.</summary>
    public async Task TryAsync(Func<Task> release, DateTimeOffset leaseEnd)
    {
        try
        {
            await release();
        }
        catch
        {
            Add(release, leaseEnd, isClaimOver: true);
            throw;
        }
    }

    /// <param name="isClaimOver">
    /// Whether the server has answered the claim. One that was not answered may still be carried out, after a release that found nothing:
    /// so it is released again and again until its lease has ended.
    /// </param>
    public void Add(Func<Task> release, DateTimeOffset leaseEnd, bool isClaimOver)
    {
        lock (_lock)
        {
            if (_pending.Count >= MostPending)
                return;
            _pending.Add(new Pending(release, leaseEnd, isClaimOver, FirstPause, time.GetUtcNow()));
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
            foreach (var some in pending.Chunk(MostAtOnce))
                Keep(await Task.WhenAll(some.Select(TryAsync)));
            await Task.Delay(FirstPause, time);
        }
    }

    /// <summary>Those whose time has come; null if none is left at all.</summary>
    private List<Pending>? Take()
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var ready = _pending.FindAll(p => p.NextTry <= now);
            _pending = _pending.FindAll(p => p.NextTry > now);
            _isRunning = ready.Count + _pending.Count > 0;
            return _isRunning ? ready : null;
        }
    }

    private void Keep(Pending?[] pending)
    {
        var now = time.GetUtcNow();
        lock (_lock)
            _pending.AddRange(pending.OfType<Pending>().Where(p => p.LeaseEnd > now));
    }

    /// <summary>What is left to do after a try; null for nothing.</summary>
    private async Task<Pending?> TryAsync(Pending pending)
    {
        try
        {
            await pending.Release();
            return pending.IsClaimOver ? null : pending.After(2 * pending.Pause, time.GetUtcNow());
        }
        catch (Exception e)
        {
            LogFailed(e);
            return pending.After(TimeSpan.FromTicks(Math.Min(2 * pending.Pause.Ticks, LongestPause.Ticks)), time.GetUtcNow());
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Claims could not be given back; tried again until their lease has ended")]
    private partial void LogFailed(Exception exception);

    private sealed record Pending(Func<Task> Release, DateTimeOffset LeaseEnd, bool IsClaimOver, TimeSpan Pause, DateTimeOffset NextTry)
    {
        public Pending After(TimeSpan pause, DateTimeOffset now) => this with { Pause = pause, NextTry = now + pause };
    }
}
