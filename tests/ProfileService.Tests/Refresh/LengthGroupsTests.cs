using ProfileService.Refresh;

namespace ProfileService.Tests.Refresh;

public sealed class LengthGroupsTests
{
    [Fact]
    public void EveryElementIsInOneGroupOfLikeLengths()
    {
        var lengths = Enumerable.Range(1, 100).Concat([1, 50, 100]).ToList();
        var groups = LengthGroups.Of(lengths, l => l).ToList();
        Assert.Equal(lengths.Order(), groups.SelectMany(g => g));
        Assert.All(groups, g => Assert.True(g.Max() <= Math.Ceiling(1.25 * g.Min())));
    }

    [Fact]
    public void NoElementsAreNoGroups() => Assert.Empty(LengthGroups.Of([], (int l) => l));
}
