using ProfileService.Host;

namespace ProfileService.Tests.Host;

public class MemoryReleaseWorkerTests
{
    private const long Much = 1L << 30;
    private const long Little = 1 << 20;

    [Fact]
    public void MemoryIsReleasedOnceAfterABusyStretch()
    {
        using var release = new MemoryReleaseWorker(TimeProvider.System);

        bool[] released = [.. new[] { Little, Much, Much, Little, Little, Much, Little }.Select(release.IsTimeToRelease)];

        Assert.Equal([false, false, false, true, false, false, true], released);
    }

    [Fact]
    public void BusyStretchEndsOnlyWhenTheProcessIsIdle()
    {
        using var release = new MemoryReleaseWorker(TimeProvider.System);
        const long Some = 32L << 20; // neither busy nor idle

        bool[] released = [.. new[] { Some, Some, Much, Some, Some, Little }.Select(release.IsTimeToRelease)];

        Assert.Equal([false, false, false, false, false, true], released);
    }
}
