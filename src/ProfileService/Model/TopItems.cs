namespace ProfileService.Model;

/// <summary>
/// The items that fit a profile best, exactly: every row is scored. A look takes the time to read the matrix once; several profiles
/// share it. Items of equal score are ordered by id. Needs memory for what it finds, none that grows with the items.
/// </summary>
internal static class TopItems
{
    /// <param name="profile">[D]</param>
    /// <param name="count">How many, from 1; fewer where fewer are admitted.</param>
    /// <param name="admits">Whether a row may be among them; null for any.</param>
    public static IReadOnlyList<ScoredItem> Top(this ItemVectors items, ReadOnlySpan<float> profile, int count, Predicate<int>? admits = null) =>
        items.Top(profile, [new TopQuery(count, admits)])[0];

    /// <summary>For several profiles in one pass over the matrix.</summary>
    /// <param name="profiles">[U, D]</param>
    /// <param name="queries">[U]</param>
    public static IReadOnlyList<IReadOnlyList<ScoredItem>> Top(this ItemVectors items, ReadOnlySpan<float> profiles, IReadOnlyList<TopQuery> queries)
    {
        if (queries.Count == 0)
            return [];
        if (profiles.Length != queries.Count * items.Dimension)
            throw new ArgumentException($"{queries.Count} profiles of dimension {items.Dimension} are expected.", nameof(profiles));
        var best = queries.Select(q => new BestRows(Math.Min(q.Count, items.Rows), items.CompareIds, AdmitsItems(items, q.Admits))).ToArray();
        RowScan.Offer(items.Vectors, profiles, best);
        return [.. best.Select(b => b.Sorted().Select(r => new ScoredItem(items.IdOf(r.Row), r.Score)).ToArray())];
    }

    private static Predicate<int> AdmitsItems(ItemVectors items, Predicate<int>? admits) =>
        admits is null ? items.IsItem : row => items.IsItem(row) && admits(row);
}

/// <summary>What is asked for one profile.</summary>
/// <param name="Count">From 1.</param>
/// <param name="Admits">Whether a row may be among them; null for any.</param>
internal readonly record struct TopQuery(int Count, Predicate<int>? Admits = null);

/// <summary>An item and how well it fits a profile.</summary>
/// <param name="Score">Product of the two vectors: the cosine where both have unit length, as training makes them.</param>
internal readonly record struct ScoredItem(string ItemId, float Score);
