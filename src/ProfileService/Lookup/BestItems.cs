using ProfileService.Model;

namespace ProfileService.Lookup;

/// <summary>
/// Exact search for the items with the best scores for one user. Items with equal scores are ordered by id. Rough scores tell which items
/// can be among the best, and these alone are scored exactly.
/// </summary>
/// <param name="rows">The items to choose from.</param>
/// <param name="admits">Whether one of them may be found; asked only of those that could be. Null admits all.</param>
internal sealed class BestItems(UserScorer scorer, RowSet rows, Predicate<int>? admits = null) : IDisposable
{
    private const string NoCategory = ""; // no category is empty
    private const int SpareForCategories = 8; // of as many times the items that are asked for, mostly enough have a place in their category

    private UserScores? _rough;

    /// <summary>The best items behind a position of the list, the best first.</summary>
    /// <param name="count">From 1. Fewer are returned if there are fewer.</param>
    public (float Score, int Row)[] Find(PagePosition start, int count)
    {
        var rough = _rough ??= scorer.ScoreRoughly();
        var list = new Shortlist(count, rough.Margin, start.Score, admits);
        list.Offer(rows, rough.Scores);
        int[] near = [.. list.Rows];
        if (rough.Margin == 0)
            return Best(rough.Scores, near, start, count);
        using var exact = scorer.Score(ItemSelection.Of(scorer.Index, near));
        return Best(exact.Scores, near, start, count);
    }

    /// <summary>The same, of a list with a maximum number of items that have the same first category.</summary>
    public (float Score, int Row)[] Find(PagePosition start, int count, int mostPerCategory)
    {
        var enough = (int)Math.Min((long)SpareForCategories * count, scorer.Index.Rows);
        var list = Find(PagePosition.Start, enough);
        var page = PageOf(list, start, count, mostPerCategory);
        return page.Length == count || list.Length < enough
            ? page
            : PageOf(BestOfEachCategory(mostPerCategory), start, count, mostPerCategory);
    }

    public void Dispose() => _rough?.Dispose();

    private (float Score, int Row)[] Best(ReadOnlySpan<float> scores, int[] near, PagePosition start, int count)
    {
        var best = new BestRows(Math.Clamp(near.Length, 1, count), scorer.Index.CompareIds);
        foreach (var row in near)
        {
            if (start.IsBefore(scores[row], scorer.Index.IdOf(row)))
                best.Offer(row, scores.Slice(row, 1));
        }

        return best.Sorted();
    }

    /// <summary>What comes before the position counts for its category.</summary>
    private (float Score, int Row)[] PageOf((float Score, int Row)[] list, PagePosition start, int count, int mostPerCategory)
    {
        var quota = new CategoryQuota(mostPerCategory, []);
        return
        [
            .. list.Where(item => quota.TryTake(scorer.Index.ItemOf(item.Row)?.Categories))
                .Where(item => start.IsBefore(item.Score, scorer.Index.IdOf(item.Row)))
                .Take(count),
        ];
    }

    /// <summary>The list of all items, of each first category the best ones.</summary>
    private (float Score, int Row)[] BestOfEachCategory(int most)
    {
        using var scores = scorer.Score();
        var byCategory = new Dictionary<string, BestRows>(StringComparer.Ordinal);
        for (var row = rows.Next(0); row >= 0; row = rows.Next(row + 1))
        {
            var category = scorer.Index.CategoryOf(row);
            if (!byCategory.TryGetValue(category ?? NoCategory, out var best))
                byCategory[category ?? NoCategory] = best = new BestRows(MostOf(category, most), scorer.Index.CompareIds, admits);
            best.Offer(row, scores.Scores.Slice(row, 1));
        }

        var all = byCategory.Values.SelectMany(best => best.Sorted()).ToArray();
        Array.Sort(all, (x, y) => x.Score == y.Score ? scorer.Index.CompareIds(x.Row, y.Row) : y.Score.CompareTo(x.Score));
        return all;
    }

    /// <summary>Items without a category have no maximum.</summary>
    private int MostOf(string? category, int most) =>
        category is null ? scorer.Index.Rows : Math.Min(most, scorer.Index.OfCategory(category).All.Length);
}
