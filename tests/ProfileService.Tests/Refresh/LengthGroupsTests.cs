using ProfileService.Refresh;

namespace ProfileService.Tests.Refresh;

public sealed class LengthGroupsTests
{
    [Fact]
    public void EveryElementIsInOneGroupAndNoGroupIsTooLarge()
    {
        var lengths = Enumerable.Range(1, 100).Concat([1, 50, 100]).ToList();
        var groups = LengthGroups.Of(lengths, l => l, most: 8);
        Assert.Equal(lengths.Order(), groups.SelectMany(g => g));
        Assert.All(groups, g => Assert.InRange(g.Count, 1, 8));
    }

    [Fact]
    public void LikeLengthsStayTogetherAndUnlikeOnesDoNot()
    {
        int[] lengths = [.. Enumerable.Repeat(10, 16), .. Enumerable.Repeat(12, 4), .. Enumerable.Repeat(100, 8)];
        Assert.Equal([20, 8], LengthGroups.Of(lengths, l => l, most: 32).Select(g => g.Count));
    }

    [Fact]
    public void FewShortWindowsArePaddedRatherThanRunByThemselves() =>
        Assert.Equal([3], LengthGroups.Of([1, 5, 20], l => l, most: 32).Select(g => g.Count));

    [Fact]
    public void EqualLengthsFillGroups() =>
        Assert.Equal([32, 32, 32, 32], LengthGroups.Of(Enumerable.Repeat(50, 128), l => l, most: 32).Select(g => g.Count));

    [Fact]
    public void NoElementsAreNoGroups() => Assert.Empty(LengthGroups.Of([], (int l) => l, most: 32));
}
