using Microsoft.Extensions.Logging.Testing;
using ProfileService.Windows;

namespace ProfileService.Tests.Windows;

public sealed class LateReleasesTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100); // how often releases look for what is due
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>The server may execute the claim at any time of the lease; its user must not wait much longer than that.</summary>
    [Theory]
    [InlineData(false)] // succeeds, but may have come before the claim
    [InlineData(true)]
    public async Task ReleaseIsRepeatedEveryTwoSecondsAtLeastUntilTheLeaseEnds(bool fails)
    {
        var time = new SteppedTime();
        var attempts = new List<DateTimeOffset>();
        new LateReleases(time, new FakeLogger<LateReleases>()).Add(ReleaseAsync, Lease, isClaimAnswered: false);
        for (var step = 1; step * Step < Lease; step++)
        {
            await time.UntilWaitsAsync(Step, step);
            time.Advance(Step);
        }

        Assert.All(attempts.Zip(attempts.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, Step, LongestPause + Step));
        Assert.InRange(time.GetUtcNow() - attempts[^1], TimeSpan.Zero, LongestPause + Step);

        Task ReleaseAsync()
        {
            attempts.Add(time.GetUtcNow());
            return fails ? Task.FromException(new TimeoutException()) : Task.CompletedTask;
        }
    }
}
