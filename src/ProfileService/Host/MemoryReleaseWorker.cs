namespace ProfileService.Host;

/// <summary>
/// Returns memory to the system after a busy period. The runtime collects garbage only when memory is allocated; an idle process would keep
/// its full heap forever.
/// </summary>
internal sealed class MemoryReleaseWorker(TimeProvider time) : BackgroundService
{
    private const long Busy = 64L << 20; // bytes allocated per interval
    private const long Idle = Busy / 8;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private bool _wasBusy;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        var before = GC.GetTotalAllocatedBytes();
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var now = GC.GetTotalAllocatedBytes();
            if (IsTimeToRelease(now - before))
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            before = now;
        }
    }

    /// <summary>
    /// Whether the process has become idle. True only once after each busy period, because a collection stops all threads for some
    /// milliseconds.
    /// </summary>
    /// <param name="allocated">Bytes allocated since the last call.</param>
    internal bool IsTimeToRelease(long allocated)
    {
        var release = _wasBusy && allocated < Idle;
        _wasBusy = !release && (_wasBusy || allocated >= Busy);
        return release;
    }
}
