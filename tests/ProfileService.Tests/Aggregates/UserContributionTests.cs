using ProfileService.Aggregates;
using ProfileService.Items;
using ProfileService.Platform;
using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Aggregates;

/// <summary>In what a user counts.</summary>
public sealed class UserContributionTests
{
    private readonly ItemCatalogue _catalogue = new();

    public UserContributionTests()
    {
        for (var i = 0; i < 50; i++)
            _catalogue.Keep(new CatalogueItem($"i{i}", [$"c{i}", "all"], null, null, []));
    }

    [Fact]
    public void NewestDistinctItemsCount()
    {
        var user = Of(3, "i1", "i2", "i3", "i4", "i2", "i4", "i4");
        Assert.Equal(["i2", "i3", "i4"], user.Items.Keys.Select(i => i.ItemId).Order());
        Assert.Equal(["all", "c2", "c4"], user.Categories.Order());
    }

    [Fact]
    public void ItemsThatTheCatalogueLacksDoNotCountNorTakeAPlace()
    {
        Assert.Equal(["i1", "i2"], Of(2, "i1", "i2", "x", "y").Items.Keys.Select(i => i.ItemId).Order());
        Assert.Empty(Of(2, "x").Categories);
    }

    [Fact]
    public void HowManyEventsAUserHasMakesNoDifference()
    {
        var counts = new ExactCounts();
        counts.Add(Of(5, [.. Enumerable.Range(0, 1_000).Select(i => $"i{i % 50}")]));
        Assert.Equal(5, Enumerable.Range(0, 50).Sum(i => counts.UsersOf($"i{i}").Recent));
        Assert.Equal(5, Enumerable.Range(0, 50).Sum(i => counts.UsersOfCategory($"c{i}")) + counts.UsersOfCategory("all"));
        Assert.Equal(1, counts.Users);
    }

    [Fact]
    public void ItemIsRecentByWhenItWasMetLast()
    {
        var since = EventTime.FromUtc(Start.UtcDateTime.AddSeconds(2));
        var user = UserContribution.Of(WindowOf("i1", "i2", "i1"), _catalogue, 5, since);
        Assert.Equal([("i1", true), ("i2", false)], user.Items.Select(i => (i.Key.ItemId, i.Value)).Order());
    }

    private UserContribution Of(int most, params string[] items) => UserContribution.Of(WindowOf(items), _catalogue, most, since: 0);

    private static Window WindowOf(params string[] items) => new("u1", [.. items.Select((item, i) => Event(i, item: item))]);
}
