using Microsoft.Extensions.Time.Testing;
using ProfileService.Platform;
using ProfileService.Windows.Redis.Due;
using static ProfileService.Windows.Redis.Due.DueSnapshot;

namespace ProfileService.Tests.Windows.Redis;

public sealed class DuePartitionsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly DuePartitions _due;

    public DuePartitionsTests() => _due = new DuePartitions(new RedisPartitions(8), _time);

    [Fact]
    public void PartitionsOfTheLongestDueComeFirstAndEachGivesAHandfulBeforeOneGivesMore()
    {
        Learn(0, new DueSnapshot(Oldest: 20, LeaseEnd: Never, Due: 3, Claimed: 0));
        Learn(1, new DueSnapshot(Oldest: 10, LeaseEnd: Never, Due: 300, Claimed: 0));
        Learn(2, new DueSnapshot(Oldest: 30, LeaseEnd: Never, Due: 300, Claimed: 0));
        Assert.Equal([(1, 29), (0, 3), (2, 16)], Shares(48));
        Assert.Equal([(1, 16), (0, 3), (2, 1)], Shares(20));
        Assert.Equal([(1, 5)], Shares(5));
        Assert.Equal(603, Shares(2_000).Sum(s => s.Users));
    }

    [Fact]
    public void PartitionWhereOnlyALeaseRanOutGivesItsClaimedUsers()
    {
        Learn(3, new DueSnapshot(Oldest: Never, LeaseEnd: 50, Due: 0, Claimed: 2));
        Assert.Empty(_due.Shares(now: 49, latest: 100, users: 10));
        Assert.Equal([(3, 2)], Shares(10, now: 50));
    }

    [Fact]
    public void LeaseThatEndsLaterThanAnyCanGivesItsUsersAtOnce()
    {
        Learn(3, new DueSnapshot(Oldest: Never, LeaseEnd: 141, Due: 0, Claimed: 2));
        Assert.Empty(_due.Shares(now: 40, latest: 141, users: 10));
        Assert.Equal([new DuePartitions.Share(3, 2, HasLateLease: true)], _due.Shares(now: 40, latest: 140, users: 10));
    }

    /// <summary>Several commands run at once. If an earlier reply were taken for the later, users would wait for the next update.</summary>
    [Fact]
    public void ReplyThatComesAfterThatOfALaterCommandIsForgotten()
    {
        var (earlier, later) = (_due.Ask(0), _due.Ask(0));
        _due.Learn(0, new DueSnapshot(Oldest: 10, LeaseEnd: Never, Due: 1, Claimed: 0), later);
        _due.Learn(0, Nobody, earlier);
        Assert.True(_due.IsAnyClaimable(now: 100));
    }

    [Fact]
    public void UserAddedWhileACommandWasUnderWayIsKept()
    {
        var asked = _due.Ask(0);
        _due.Add(0, since: 10);
        _due.Learn(0, Nobody, asked);
        Assert.Equal([(0, 1)], Shares(10));
    }

    [Fact]
    public void PartitionThatIsAvoidedGivesNobodyUntilThePauseIsOver()
    {
        Learn(3, new DueSnapshot(Oldest: 10, LeaseEnd: Never, Due: 1, Claimed: 0));
        _due.Avoid(3, TimeSpan.FromSeconds(2));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((true, false), (_due.IsAvoided(3), _due.IsAnyClaimable(now: 1L << 50))); // whatever the wall clock says
        Assert.Empty(Shares(10));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(_due.IsAvoided(3));
        Assert.Equal([(3, 1)], Shares(10));
        _due.Avoid(3, TimeSpan.FromSeconds(2));
        _due.Avoid(3, TimeSpan.Zero);
        Assert.Equal([(3, 1)], Shares(10));
    }

    private void Learn(int partition, DueSnapshot snapshot) => _due.Learn(partition, snapshot, _due.Ask(partition));

    private List<(int Partition, int Users)> Shares(int users, long now = 40) =>
        [.. _due.Shares(now, now + 100, users).Select(s => (s.Partition, s.Users))];
}
