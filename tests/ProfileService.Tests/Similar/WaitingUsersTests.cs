using ProfileService.Similar;

namespace ProfileService.Tests.Similar;

public sealed class WaitingUsersTests
{
    [Fact]
    public void EachUserWaitsOnceAndNoMoreThanTheBound()
    {
        var waiting = new WaitingUsers(most: 2);
        Assert.Equal([true, true, true, false, true], ((string[])["a", "b", "a", "c", "b"]).Select(user => waiting.TryAdd(user, 1)));
        Assert.Equal(["a", "b"], waiting.Snapshot().Order());
        waiting.Remove("a");
        Assert.True(waiting.TryAdd("c", 1));
        Assert.Equal(["b", "c"], waiting.Take(5).Order());
        Assert.Empty(waiting.Take(5));
    }

    [Fact]
    public void SoManyAreTakenAsAreAskedFor()
    {
        var waiting = new WaitingUsers(most: 100);
        Assert.All(Enumerable.Range(0, 100), i => Assert.True(waiting.TryAdd($"u{i}", 1)));
        List<string> taken = [];
        while (waiting.Take(30) is { Count: > 0 } some)
        {
            Assert.InRange(some.Count, 1, 30);
            taken.AddRange(some);
        }

        Assert.Equal(100, taken.Distinct().Count());
    }

    [Fact]
    public void WhoeverWaitsLongestIsTakenFirst()
    {
        var waiting = new WaitingUsers(most: 100);
        foreach (var user in (string[])["a", "b", "c"])
            waiting.TryAdd(user, 1);
        waiting.Remove("a"); // leaves a free slot, in front of the others
        foreach (var user in (string[])["d", "b"])
            waiting.TryAdd(user, 2);
        Assert.Equal(["b", "c"], waiting.Take(2));
        Assert.Equal(["d"], waiting.Take(2));
    }

    [Fact]
    public void UserWhoWaitsForAHigherRevisionIsNotRemoved()
    {
        var waiting = new WaitingUsers(most: 2);
        waiting.TryAdd("a", 7);
        waiting.TryAdd("a", 3); // comes late
        waiting.Remove("a", 3);
        Assert.Equal(["a"], waiting.Snapshot());
        waiting.Remove("a", 7);
        Assert.Empty(waiting.Snapshot());
    }
}
