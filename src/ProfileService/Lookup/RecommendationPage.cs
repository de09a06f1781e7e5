namespace ProfileService.Lookup;

/// <summary>Finds the items of a page. The list is never kept: each page is found by its position alone.</summary>
internal sealed class RecommendationPage(BestItems best, UserScorer scorer, RecommendationRequest request)
{
    /// <returns>The items, and where the next page begins; null if there are fewer items than asked for, and so no next page.</returns>
    public (IReadOnlyList<(float Score, int Row)> Items, PagePosition? Next) Find(PagePosition start)
    {
        if (request.Diversity > 0)
            return FindDiverse(start);
        var items = Best(start, request.Count);
        return (items, items.Length < request.Count ? null : Behind(items));
    }

    /// <summary>
    /// Picks from a pool of the best items until it is empty, then from the next pool. The pools of the page are found by one search, so
    /// that many small ones cost no more than a large one.
    /// </summary>
    private (IReadOnlyList<(float Score, int Row)> Items, PagePosition? Next) FindDiverse(PagePosition start)
    {
        var (picked, count) = (new List<(float, int)>(), request.Count);
        start = start with { Pool = start.Pool > 0 ? start.Pool : DiverseItems.Candidates(count) };
        var pools = (start.Taken + count + start.Pool - 1) / start.Pool;
        foreach (var pool in Best(start, pools * start.Pool).Chunk(start.Pool))
        {
            var wanted = Math.Min(pool.Length, start.Taken + count - picked.Count);
            picked.AddRange(DiverseItems.Pick(pool, scorer.Index, scorer.Dimension, wanted, request.Diversity).Skip(start.Taken));
            start = wanted < pool.Length ? start with { Taken = wanted } : Behind(pool) with { Pool = start.Pool };
        }

        return (picked, picked.Count < count ? null : start);
    }

    /// <summary>The best items behind a position.</summary>
    private (float Score, int Row)[] Best(PagePosition start, int count) =>
        request.MaxPerCategory is { } most ? best.Find(start, count, most) : best.Find(start, count);

    private PagePosition Behind((float Score, int Row)[] items) => new(items[^1].Score, scorer.Index.IdOf(items[^1].Row));
}
