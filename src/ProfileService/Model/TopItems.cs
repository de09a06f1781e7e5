namespace ProfileService.Model;

/// <summary>
/// Exact search for the items with the best scores. Items with equal scores are ordered by id. The memory depends on the number of results,
/// not on the number of items.
/// </summary>
internal static class TopItems
{
    /// <param name="scores">[N], one for each row of the item vectors.</param>
    /// <param name="count">Number of items, from 1. Fewer are returned if fewer are admitted.</param>
    /// <param name="admits">Whether a row may be returned; null admits every row.</param>
    public static ScoredItem[] Top(this ItemVectors items, ReadOnlySpan<float> scores, int count, Predicate<int>? admits = null)
    {
        var best = new BestRows(
            Math.Min(count, items.Rows), items.CompareIds, admits is null ? items.IsItem : row => items.IsItem(row) && admits(row));
        best.Offer(0, scores);
        return [.. best.Sorted().Select(r => new ScoredItem(items.IdOf(r.Row), r.Score))];
    }
}

/// <summary>An item and how well it fits a user; higher is better.</summary>
internal readonly record struct ScoredItem(string ItemId, float Score);
