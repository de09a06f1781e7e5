using ProfileService.Aggregates;
using ProfileService.Items;
using ProfileService.Platform;
using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Aggregates;

/// <summary>A user is planted among others; whoever reads releases must not find out beyond epsilon.</summary>
public sealed class PlantedUserTests
{
    private const int Draws = 20_000;
    private const int Others = 200;
    private const string Planted = "planted";

    private static readonly long Since = EventTime.FromUtc(Start.UtcDateTime);

    private readonly ItemCatalogue _catalogue = new();

    public PlantedUserTests()
    {
        for (var i = 0; i < 8; i++)
            _catalogue.Keep(new CatalogueItem($"i{i}", [$"c{i}"], null, null, []));
    }

    [Theory]
    [InlineData(1, 1.0)]
    [InlineData(5, 1.0)]
    [InlineData(1, 3.0)]
    public void PlantedUserChangesTheOddsOfNoReleaseByMoreThanEpsilon(int items, double epsilon)
    {
        var options = new AggregateOptions { MaxItemsPerUser = items, Epsilon = epsilon };
        Assert.True(LossOf(options, countedIn: items) <= epsilon);
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(5, 10)]
    [InlineData(5, 2)]
    public void CheckFailsWhenTheNoiseIsDivided(int items, int by)
    {
        const double Stated = 1;
        var options = new AggregateOptions { MaxItemsPerUser = items, Epsilon = Stated * by }; // the scale is in proportion to 1 / epsilon
        Assert.True(LossOf(options, countedIn: items) > Stated);
    }

    [Fact]
    public void CheckFailsWhereAUserCountsInMoreThanTheNoiseIsFor() =>
        Assert.True(LossOf(new AggregateOptions { MaxItemsPerUser = 1, Epsilon = 1 }, countedIn: 5) > 1);

    [Fact]
    public void CheckFailsWithoutNoise() =>
        Assert.True(LossOf(new AggregateOptions { MaxItemsPerUser = 5, Epsilon = 0 }, countedIn: 5) > 1);

    /// <summary>The epsilon is spent as it is stated, not wasted on noise that hides nobody.</summary>
    [Fact]
    public void NoiseIsNotGreaterThanEpsilonNeeds() =>
        Assert.InRange(LossOf(new AggregateOptions { MaxItemsPerUser = 1, Epsilon = 3 }, countedIn: 1), 2.4, 3);

    /// <summary>An item that one user alone met is listed about as often as one that nobody met.</summary>
    [Fact]
    public void ItemThatOnlyThePlantedUserMetIsNotListedForIt()
    {
        var options = new AggregateOptions { MaxItemsPerUser = 1, Epsilon = 1 };
        var alone = Window(Planted, "i0");
        var (with, without) = (CountsOf([.. Crowd(), alone], 1), CountsOf(Crowd(), 1));
        Assert.True(PrivacyLoss.Proven(Listed(with, options, 1), Listed(without, options, 2)) <= options.Epsilon);
        Assert.True(Listed(without, options, 2).Sum() < Draws / 20);

        List<int> Listed(ExactCounts counts, AggregateOptions settings, int seed) =>
            [.. Releases(counts, settings, seed).Select(r => r.Items.Count(i => i.ItemId == "i0"))];
    }

    private double LossOf(AggregateOptions options, int countedIn)
    {
        var met = Window(Planted, [.. Enumerable.Range(0, 8).Select(i => $"i{i}")]);
        var exact = CountsOf(Crowd(), countedIn);
        var with = Releases(CountsOf([.. Crowd(), met], countedIn), options, seed: 1).Select(r => ScoreOf(r, exact, options));
        var without = Releases(exact, options, seed: 2).Select(r => ScoreOf(r, exact, options));
        return PrivacyLoss.Proven(with, without);
    }

    /// <summary>
    /// What tells the planted user the best: how many of the counts in which it can be are greater than without it, each weighed as its
    /// noise is narrow.
    /// </summary>
    private static int ScoreOf(ReleasedCounts released, ExactCounts exact, AggregateOptions options) =>
        (6 * released.Items.Count(i => i.Recent > exact.UsersOf(i.ItemId).Recent))
        + (3 * released.Categories.Count(c => c.Users > exact.UsersOfCategory(c.Category)))
        + (released.Users > exact.Users ? options.MaxItemsPerUser : 0);

    private IEnumerable<ReleasedCounts> Releases(ExactCounts counts, AggregateOptions options, int seed)
    {
        var mechanism = new ReleaseMechanism(new GeometricNoise(new Random(seed).Next));
        return Enumerable.Range(0, Draws).Select(_ => mechanism.Release(counts, [.. _catalogue.All], options));
    }

    private ExactCounts CountsOf(IEnumerable<Window> windows, int most)
    {
        var counts = new ExactCounts();
        foreach (var window in windows)
            counts.Add(UserContribution.Of(window, _catalogue, most, Since));
        return counts;
    }

    /// <summary>Users who met the items that the planted one counts in, so that these are listed in any case.</summary>
    private static List<Window> Crowd() =>
        [.. Enumerable.Range(0, Others).Select(u => Window($"u{u}", "i3", "i4", "i5", "i6", "i7"))];

    private static Window Window(string user, params string[] items) =>
        new(user, [.. items.Select((item, i) => Event(i, user, item))]);
}
