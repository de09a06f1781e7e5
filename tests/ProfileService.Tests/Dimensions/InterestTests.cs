using ProfileService.Dimensions;

namespace ProfileService.Tests.Dimensions;

/// <summary>Shares, trends and what is against, on cases computed by hand.</summary>
public sealed class InterestTests
{
    [Fact]
    public void ShareIsThePartOfWhatIsSaidForAllCategories()
    {
        // yoga 4 + 1, baking 1 + 2; what is said against games and the event without category are no part of it
        var interests = Interest.Of([For(4, "yoga"), For(1, "baking"), For(-2, "games"), For(1, "yoga"), For(2, "baking"), For(1)])!;
        Assert.Equal(["yoga", "baking", "games"], interests.Select(i => i.Category));
        Assert.Equal([0.625, 0.375, 0], interests.Select(i => i.Share));

        // earlier half: yoga 4, baking 1; newer half: yoga 1, baking 2
        Assert.Equal([-0.4667, 0.4667, 0], interests.Select(i => i.Trend!.Value));
        Assert.Equal([null, null, 0.2], interests.Select(i => i.Against)); // 2 of 10
    }

    [Fact]
    public void EveryCategoryOfAnEventCountsWhole()
    {
        var interests = Interest.Of([For(2, "thriller", "drama", "war"), For(1, "drama"), For(1, "drama", "war")])!;
        Assert.Equal(["drama", "war", "thriller"], interests.Select(i => i.Category));
        Assert.Equal([0.4444, 0.3333, 0.2222], interests.Select(i => i.Share)); // 4, 3 and 2 of 9
    }

    [Fact]
    public void CategoryThatAnEventNamesTwiceCountsOnce()
    {
        var interests = Interest.Of([For(1, "drama", "drama", "war", "drama")])!;
        Assert.Equal([("drama", 0.5), ("war", 0.5)], interests.Select(i => (i.Category, i.Share)));
    }

    [Fact]
    public void WhatIsLikedAndTurnedDownHasBoth()
    {
        var interests = Interest.Of([For(2, "drama", "war"), For(-1, "drama"), For(-2, "horror", "drama"), For(1, "war")])!;
        Assert.Equal([("war", 0.6, null), ("drama", 0.4, 0.3), ("horror", 0, 0.2)], interests.Select(i => (i.Category, i.Share, i.Against)));
    }

    [Fact]
    public void UserWhoOnlyTurnsDownHasInterestsWithoutShare()
    {
        var interests = Interest.Of([For(-2, "horror", "war"), For(-1, "horror")])!;
        Assert.Equal([("horror", 0, 0.6), ("war", 0, 0.4)], interests.Select(i => (i.Category, i.Share, i.Against)));
        Assert.All(interests, i => Assert.Null(i.Trend));
    }

    [Fact]
    public void AttentionIsNoPartOfAnInterest()
    {
        var interests = Interest.Of([For(1, "a") with { Attention = 0.99f }, For(1, "b") with { Attention = 0.01f }])!;
        Assert.Equal([("a", 0.5), ("b", 0.5)], interests.Select(i => (i.Category, i.Share)));
    }

    [Fact]
    public void NothingSaidIsNoInterest()
    {
        Assert.Null(Interest.Of([]));
        Assert.Null(Interest.Of([For(1), For(-2)]));
        Assert.Null(Interest.Of([For(0, "yoga")]));
    }

    [Fact]
    public void TrendIsLeftOutWhereAHalfSaysNothingFor()
    {
        Assert.Null(Assert.Single(Interest.Of([For(1, "yoga")])!).Trend);
        Assert.All(Interest.Of([For(-1, "yoga"), For(1, "yoga")])!, i => Assert.Null(i.Trend));
        Assert.All(Interest.Of([For(1), For(1, "yoga")])!, i => Assert.Null(i.Trend));
    }

    [Fact]
    public void EqualOnesAreInOrderOfWhatIsAgainstThemAndThenOfTheirNames()
    {
        var interests = Interest.Of([For(1, "b", "a", "c"), For(-1, "c")])!;
        Assert.Equal(["c", "a", "b"], interests.Select(i => i.Category));
    }

    [Fact]
    public void OfManyCategoriesThoseWithMostForAndAgainstAreKept()
    {
        var events = Enumerable.Range(1, 30).Select(i => For(i % 2 == 0 ? i : -i, $"c{i:00}")).ToArray();
        var interests = Interest.Of(events)!;
        Assert.Equal(Interest.MaxCount, interests.Count);
        Assert.Equal(["c30", "c28", "c26", "c24", "c22", "c20", "c18", "c16", "c14", "c12", "c10", "c08"], interests.Where(i => i.Share > 0).Select(i => i.Category));
        Assert.Equal(["c29", "c27", "c25", "c23", "c21", "c19", "c17", "c15"], interests.Where(i => i.Share == 0).Select(i => i.Category));
        Assert.Equal(0.125, interests[0].Share); // 30 of 240, those that are cut among them
        Assert.True(interests.Sum(i => i.Share) < 1);
    }

    [Fact]
    public void SharesOfAllCategoriesSumToOne()
    {
        var interests = Interest.Of([For(1.25, "a", "b"), For(2, "c"), For(-2, "a"), For(4, "b", "d", "e"), For(3, "e")])!;
        Assert.Equal(1, interests.Sum(i => i.Share), 1e-3);
        Assert.All(interests, i => Assert.InRange(i.Against ?? 0, 0, 1));
    }

    private static DimensionEvent For(double weight, params string[] categories) => new("view", 0, categories, Weight: weight);
}
