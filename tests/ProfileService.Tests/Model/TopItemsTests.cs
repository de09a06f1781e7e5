using ProfileService.Model;

namespace ProfileService.Tests.Model;

public sealed class TopItemsTests
{
    private const int ItemCount = 5_003; // no multiple of what is scored at once

    [Theory]
    [InlineData(1, 20)]
    [InlineData(13, 1)]
    [InlineData(64, 20)]
    [InlineData(256, 1_000)]
    public void AreThoseThatSortingAllWouldGive(int dimension, int count)
    {
        var (items, random) = Catalogue(dimension);
        var profile = Vector(dimension, random);
        var found = items.Top(Scores(items, profile), count);
        Assert.Equal(Sorted(items, profile).Take(count), found);
    }

    [Fact]
    public void EqualScoresAreOrderedById()
    {
        var items = new ItemVectors([.. Enumerable.Repeat(0.5f, 12)], 1, Enumerable.Range(2, 10).ToDictionary(i => $"i{11 - i}", i => (long)i));
        Assert.Equal(["i0", "i1", "i2"], items.Top(Scores(items, [1]), 3).Select(i => i.ItemId));
        Assert.Equal(["i4", "i5"], items.Top(Scores(items, [1]), 2, row => string.CompareOrdinal(items.IdOf(row), "i4") >= 0).Select(i => i.ItemId));
    }

    [Fact]
    public void WhatIsNotAdmittedIsReplacedByTheNext()
    {
        var (items, random) = Catalogue(16);
        var profile = Vector(16, random);
        var expected = Sorted(items, profile).Where(i => i.ItemId.EndsWith('7')).Take(30);
        Assert.Equal(expected, items.Top(Scores(items, profile), 30, row => items.IdOf(row).EndsWith('7')));
        Assert.Empty(items.Top(Scores(items, profile), 30, _ => false));
    }

    [Fact]
    public void FewerAreFoundWhereThereAreFewer()
    {
        var items = new ItemVectors([9, 9, 1, 2, 3], 1, new Dictionary<string, long> { ["a"] = 2, ["c"] = 4 }); // row 3 is no item, nor are the first two
        Assert.Equal([new ScoredItem("c", 3), new ScoredItem("a", 1)], items.Top(Scores(items, [1]), 1_000));
        Assert.Equal(2, items.Count);
    }

    [Fact]
    public void ScoreThatIsNoNumberIsNeverAmongThem()
    {
        var best = new BestRows(2, (x, y) => x - y);
        best.Offer(0, [float.NaN, -1, float.NaN, -2, -3]);
        Assert.Equal([(-1f, 1), (-2f, 3)], best.Sorted());
    }

    private static IEnumerable<ScoredItem> Sorted(ItemVectors items, float[] profile)
    {
        var scores = Scores(items, profile);
        return Enumerable.Range(2, items.Rows - 2).Select(row => new ScoredItem(items.IdOf(row), scores[row])).OrderByDescending(i => i.Score).ThenBy(i => i.ItemId, StringComparer.Ordinal);
    }

    private static float[] Scores(ItemVectors items, float[] profile)
    {
        var scores = new float[items.Rows];
        items.Score(profile, scores);
        return scores;
    }

    private static (ItemVectors, Random) Catalogue(int dimension)
    {
        var random = new Random(dimension);
        var vectors = Vector((ItemCount + 2) * dimension, random);
        return (new ItemVectors(vectors, dimension, Enumerable.Range(2, ItemCount).ToDictionary(i => $"item-{i * 7919 % ItemCount}", i => (long)i)), random);
    }

    private static float[] Vector(int length, Random random) => [.. Enumerable.Range(0, length).Select(_ => random.NextSingle() - 0.5f)];
}
