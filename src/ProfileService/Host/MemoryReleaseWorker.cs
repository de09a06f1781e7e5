namespace ProfileService.Host;

/// <summary>
/// Gives memory back to the system after a busy stretch. The runtime collects garbage when something is allocated: a process that has become idle
/// would keep for ever what its heap grew to.
/// </summary>
internal sealed class MemoryReleaseWorker(TimeProvider time) : BackgroundService
{
    private const long Busy = 64L << 20; // bytes allocated between two looks
    private const long Idle = Busy / 8;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);

    private bool _wasBusy;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(BetweenLooks, time);
        var before = GC.GetTotalAllocatedBytes();
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var now = GC.GetTotalAllocatedBytes();
            if (IsTimeToRelease(now - before))
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            before = now;
        }
    }

    /// <summary>Whether the process has become idle: once after each busy stretch, for a collection stops every thread for some milliseconds.</summary>
    /// <param name="allocated">Bytes allocated since the last look.</param>
    internal bool IsTimeToRelease(long allocated)
    {
        var release = _wasBusy && allocated < Idle;
        _wasBusy = !release && (_wasBusy || allocated >= Busy);
        return release;
    }
}
