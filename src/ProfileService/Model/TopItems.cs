namespace ProfileService.Model;

/// <summary>
/// Exact search for the items that fit a profile best: every row is scored. One search reads the matrix once, also for several profiles.
/// Items with equal scores are ordered by id. The memory depends on the number of results, not on the number of items.
/// </summary>
internal static class TopItems
{
    /// <param name="profile">[D]</param>
    /// <param name="count">Number of items, from 1. Fewer are returned if fewer are admitted.</param>
    /// <param name="admits">Whether a row may be returned; null admits every row.</param>
    public static IReadOnlyList<ScoredItem> Top(
        this ItemVectors items, ReadOnlySpan<float> profile, int count, Predicate<int>? admits = null) =>
        items.Top(profile, [new TopQuery(count, admits)])[0];

    /// <summary>For several profiles in one pass over the matrix.</summary>
    /// <param name="profiles">[U, D]</param>
    /// <param name="queries">[U]</param>
    public static IReadOnlyList<IReadOnlyList<ScoredItem>> Top(
        this ItemVectors items, ReadOnlySpan<float> profiles, IReadOnlyList<TopQuery> queries)
    {
        if (queries.Count == 0)
            return [];
        if (profiles.Length != queries.Count * items.Dimension)
            throw new ArgumentException($"{queries.Count} profiles of dimension {items.Dimension} are expected.", nameof(profiles));
        var best = queries
            .Select(q => new BestRows(Math.Min(q.Count, items.Rows), items.CompareIds, AdmitsItems(items, q.Admits)))
            .ToArray();
        RowScan.Offer(items.Vectors, profiles, best);
        return [.. best.Select(b => b.Sorted().Select(r => new ScoredItem(items.IdOf(r.Row), r.Score)).ToArray())];
    }

    private static Predicate<int> AdmitsItems(ItemVectors items, Predicate<int>? admits) =>
        admits is null ? items.IsItem : row => items.IsItem(row) && admits(row);
}

/// <summary>The query for one profile.</summary>
/// <param name="Count">Number of items, from 1.</param>
/// <param name="Admits">Whether a row may be returned; null admits every row.</param>
internal readonly record struct TopQuery(int Count, Predicate<int>? Admits = null);

/// <summary>An item and how well it fits a profile.</summary>
/// <param name="Score">Dot product of the two vectors: the cosine, because training gives both unit length.</param>
internal readonly record struct ScoredItem(string ItemId, float Score);
