using ProfileService.Similar;

namespace ProfileService.Tests.Similar;

public sealed class WaitingUsersTests
{
    [Fact]
    public void EachUserWaitsOnceAndNoMoreThanTheBound()
    {
        var waiting = new WaitingUsers(most: 2);
        Assert.Equal([true, true, true, false, true], ((string[])["a", "b", "a", "c", "b"]).Select(waiting.TryAdd));
        Assert.Equal(["a", "b"], waiting.Snapshot().Order());
        waiting.Remove("a");
        Assert.True(waiting.TryAdd("c"));
        Assert.Equal(["b", "c"], waiting.Take(5).Order());
        Assert.Empty(waiting.Take(5));
    }

    [Fact]
    public void SoManyAreTakenAsAreAskedFor()
    {
        var waiting = new WaitingUsers(most: 100);
        Assert.All(Enumerable.Range(0, 100), i => Assert.True(waiting.TryAdd($"u{i}")));
        List<string> taken = [];
        while (waiting.Take(30) is { Count: > 0 } some)
        {
            Assert.InRange(some.Count, 1, 30);
            taken.AddRange(some);
        }

        Assert.Equal(100, taken.Distinct().Count());
    }
}
