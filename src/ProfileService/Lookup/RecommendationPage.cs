namespace ProfileService.Lookup;

/// <summary>Finds the items of a page. The list is never kept: each page is found by its position alone.</summary>
internal sealed class RecommendationPage(UserScores scores, RowSet rows, int dimension, RecommendationRequest request)
{
    /// <returns>The items, and where the next page begins; null if there are fewer items than asked for, and so no next page.</returns>
    public (IReadOnlyList<(float Score, int Row)> Items, PagePosition? Next) Find(PagePosition start)
    {
        if (request.Diversity > 0)
            return FindDiverse(start);
        var items = Best(start, request.Count);
        return (items, items.Length < request.Count ? null : Behind(items));
    }

    /// <summary>Picks from a pool of the best items until it is empty, then from the next pool.</summary>
    private (IReadOnlyList<(float Score, int Row)> Items, PagePosition? Next) FindDiverse(PagePosition start)
    {
        var (picked, count) = (new List<(float, int)>(), request.Count);
        start = start with { Pool = start.Pool > 0 ? start.Pool : DiverseItems.Candidates(count) };
        while (picked.Count < count && Best(start, start.Pool) is { Length: > 0 } pool)
        {
            var wanted = Math.Min(pool.Length, start.Taken + count - picked.Count);
            picked.AddRange(DiverseItems.Pick(pool, scores.Index, dimension, wanted, request.Diversity).Skip(start.Taken));
            start = wanted < pool.Length ? start with { Taken = wanted } : Behind(pool) with { Pool = start.Pool };
        }

        return (picked, picked.Count < count ? null : start);
    }

    /// <summary>The best items behind a position. Must be asked for positions in the order of the list.</summary>
    private (float Score, int Row)[] Best(PagePosition start, int count)
    {
        if (request.MaxPerCategory is { } most && start.IsStart)
            return BestItems.Find(scores, rows, count, most);
        if (request.MaxPerCategory is { } all) // what comes before the position counts for its category
            return [.. BestItems.Find(scores, rows, int.MaxValue, all).Where(i => IsBehind(start, i.Score, i.Row)).Take(count)];
        for (var row = start.IsStart ? -1 : rows.Next(0); row >= 0; row = rows.Next(row + 1))
        {
            if (!IsBehind(start, scores.Scores[row], row))
                rows.Remove(row);
        }

        return BestItems.Find(scores, rows, count);
    }

    private bool IsBehind(PagePosition start, float score, int row) => start.IsBefore(score, scores.Index.IdOf(row));

    private PagePosition Behind((float Score, int Row)[] items) => new(items[^1].Score, scores.Index.IdOf(items[^1].Row));
}
