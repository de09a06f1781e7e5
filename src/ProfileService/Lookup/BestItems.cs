using ProfileService.Model;

namespace ProfileService.Lookup;

/// <summary>Exact search for the items with the best scores among some rows. Items with equal scores are ordered by id.</summary>
internal static class BestItems
{
    private const string NoCategory = ""; // no category is empty

    /// <param name="count">From 1. Fewer are returned if there are fewer rows.</param>
    public static (float Score, int Row)[] Find(UserScores scores, RowSet rows, int count)
    {
        var best = new BestRows(Math.Min(count, scores.Index.Rows), scores.Index.CompareIds);
        rows.Offer(scores.Scores, best);
        return best.Sorted();
    }

    /// <summary>As <see cref="Find(UserScores, RowSet, int)"/>, with a maximum number of items that have the same first category.</summary>
    public static (float Score, int Row)[] Find(UserScores scores, RowSet rows, int count, int mostPerCategory)
    {
        var index = scores.Index;
        var byCategory = new Dictionary<string, BestRows>(StringComparer.Ordinal);
        for (var row = rows.Next(0); row >= 0; row = rows.Next(row + 1))
        {
            var category = index.CategoryOf(row);
            if (!byCategory.TryGetValue(category ?? NoCategory, out var best))
            {
                var most = category is null ? count : Math.Min(Math.Min(count, mostPerCategory), index.OfCategory(category).All.Length);
                byCategory[category ?? NoCategory] = best = new BestRows(Math.Min(most, index.Rows), index.CompareIds);
            }

            best.Offer(row, scores.Scores.Slice(row, 1));
        }

        var all = byCategory.Values.SelectMany(best => best.Sorted()).ToArray();
        Array.Sort(all, (x, y) => x.Score == y.Score ? index.CompareIds(x.Row, y.Row) : y.Score.CompareTo(x.Score));
        return all[..Math.Min(count, all.Length)];
    }
}
