using ProfileService.Dimensions;
using ProfileService.Items;
using ProfileService.Lookup;
using ProfileService.Model;
using ProfileService.Windows;

namespace ProfileService.Tests.Lookup;

/// <summary>The search for the best items, which scores most of them roughly, against sorting all by their exact scores.</summary>
public sealed class BestItemsTests
{
    private const int ItemCount = 5_003; // no multiple of what is scored at once
    private const int Unseen = 40;
    private const int Categories = 30;

    private readonly ItemCatalogue _catalogue = new();

    public BestItemsTests()
    {
        for (var i = 0; i < ItemCount + Unseen; i++)
        {
            if (i % 7 != 0)
                _catalogue.Keep(new CatalogueItem($"item-{i}", [$"c{i % Categories}", $"d{i % 4}"], i % 50, null, []));
        }
    }

    [Theory]
    [InlineData(1, 20)]
    [InlineData(13, 1)]
    [InlineData(64, 20)]
    [InlineData(128, 300)]
    [InlineData(256, 1_000)]
    public void AreThoseThatSortingAllWouldGive(int dimension, int count)
    {
        var random = new Random(dimension);
        AreTheBest(Scorer(dimension, Vector((ItemCount + 2) * dimension, random), random), ItemFilter.None, count);
    }

    [Theory]
    [InlineData(1e-30f, 0)]
    [InlineData(1e15f, 0)]
    [InlineData(1, 1e6f)] // a few vectors are far longer than the others
    [InlineData(1, 1e-6f)]
    [InlineData(1e20f, 1e18f)] // their products are more than a float can hold
    public void LengthsOfVectorsDoNotMatter(float scale, float outliers)
    {
        var random = new Random(3);
        var vectors = Vector((ItemCount + 2) * 32, random);
        for (var i = 0; i < vectors.Length; i++)
            vectors[i] *= outliers > 0 && i / 32 % 1_000 == 5 ? scale * outliers : scale;
        AreTheBest(Scorer(32, vectors, random), ItemFilter.None, 50);
    }

    [Fact]
    public void FilterAndPagesAreExact()
    {
        var random = new Random(9);
        var scorer = Scorer(48, Vector((ItemCount + 2) * 48, random), random);
        AreTheBest(scorer, new ItemFilter(Categories: ["c3", "c4"], MaxPrice: 30), 25);
        AreTheBest(scorer, new ItemFilter(ExcludeCategories: ["d1", "d2"]), 777);
        AreTheBest(scorer, new ItemFilter(Categories: ["nothing"]), 10);
    }

    [Fact]
    public void WhatIsNotAdmittedIsReplacedByTheNext()
    {
        var random = new Random(13);
        var scorer = Scorer(64, Vector((ItemCount + 2) * 64, random), random);
        AreTheBest(scorer, ItemFilter.None, 60, row => scorer.Index.IdOf(row).EndsWith('7'));
        AreTheBest(scorer, ItemFilter.None, 60, _ => false);
    }

    [Fact]
    public void TurnedDownCategoriesAreLast()
    {
        var random = new Random(11);
        List<WindowEvent> events = [.. Enumerable.Range(1, 20).Select(i => new WindowEvent(
            "u", i % 3 == 0 ? "view" : "dislike", "item-" + (30 * i), 60_000L * i))];
        var scorer = Scorer(16, Vector((ItemCount + 2) * 16, random), random, events);
        AreTheBest(scorer, ItemFilter.None, 400);
        AreTheBest(scorer, new ItemFilter(Categories: ["c0"]), 50);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void OrderOfRowsDoesNotMatter(int direction)
    {
        var vectors = new float[(ItemCount + 2) * 4];
        for (var row = 0; row < ItemCount + 2; row++)
            vectors.AsSpan(row * 4, 4).Fill(direction * row / 1_000f);
        AreTheBest(Scorer(4, vectors, new Random(2)), ItemFilter.None, 700);
    }

    [Fact]
    public void EqualScoresAreOrderedByIdOverPages()
    {
        var vectors = Enumerable.Repeat(0.5f, (ItemCount + 2) * 8).ToArray();
        AreTheBest(Scorer(8, vectors, new Random(1)), ItemFilter.None, 100);
    }

    /// <summary>Which a page after one of few items has, or one whose cursor was made up.</summary>
    [Fact]
    public void PageOfManyPoolsIsSearchedForOnce()
    {
        var random = new Random(17);
        var scorer = Scorer(32, Vector((ItemCount + 2) * 32, random), random);
        Assert.Equal(LookedAt(pool: 200), LookedAt(pool: 1));

        int LookedAt(int pool)
        {
            var count = 0;
            using var rows = ItemFilter.None.RowsOf(scorer.Index);
            using var best = new BestItems(scorer, rows, _ => ++count > 0);
            var page = new RecommendationPage(best, scorer, new RecommendationRequest(Count: 200, Diversity: 0.5));
            Assert.Equal(200, page.Find(PagePosition.Start with { Pool = pool }).Items.Count);
            return count;
        }
    }

    private static void AreTheBest(UserScorer scorer, ItemFilter filter, int count, Predicate<int>? admits = null)
    {
        using var rows = filter.RowsOf(scorer.Index);
        using var best = new BestItems(scorer, rows, admits);
        using var exact = scorer.Score();
        List<(float Score, int Row)> all = [];
        for (var row = rows.Next(0); row >= 0; row = rows.Next(row + 1))
        {
            if (admits?.Invoke(row) != false)
                all.Add((exact.Scores[row], row));
        }

        List<(float Score, int Row)> sorted =
        [
            .. all.Where(i => !float.IsNaN(i.Score))
                .OrderByDescending(i => i.Score).ThenBy(i => scorer.Index.IdOf(i.Row), StringComparer.Ordinal),
        ];
        var (start, taken) = (PagePosition.Start, 0);
        for (var page = 0; page < 4 && taken < sorted.Count; page++, taken += count)
        {
            var found = best.Find(start, count);
            Assert.Equal(sorted.Skip(taken).Take(count), found);
            start = new PagePosition(found[^1].Score, scorer.Index.IdOf(found[^1].Row));
        }

        if (taken >= sorted.Count)
            Assert.Empty(best.Find(start, count));
    }

    private UserScorer Scorer(int dimension, float[] vectors, Random random, IReadOnlyList<WindowEvent>? events = null)
    {
        var rows = Enumerable.Range(2, ItemCount).ToDictionary(i => $"item-{i * 7919 % ItemCount}", i => (long)i);
        var items = new ItemVectors(vectors, dimension, rows);
        var index = ItemIndex.Of(items, _catalogue, TimeProvider.System);
        Assert.Equal(items.Rows + Enumerable.Range(ItemCount, Unseen).Count(i => i % 7 != 0), index.Rows);
        List<EventFeedback> said = [.. (events ?? []).Select(e => EventFeedback.Of(e, sentiment: null, new RatingOptions()))];
        return new UserScorer(Vector(dimension, random), events ?? [], said, new PackageItems(items), 50, index, _catalogue);
    }

    private static float[] Vector(int length, Random random) => [.. Enumerable.Range(0, length).Select(_ => random.NextSingle() - 0.5f)];
}
