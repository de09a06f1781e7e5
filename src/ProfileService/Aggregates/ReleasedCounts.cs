namespace ProfileService.Aggregates;

/// <summary>What a release says: counts with noise, and nothing that was computed without it. Stored as JSON.</summary>
/// <param name="EpsilonThousandths">0 if the counts are exact.</param>
/// <param name="RecentDays">From when on an event is recent.</param>
/// <param name="ItemsFrom">The least count of an item that is listed.</param>
/// <param name="CategoriesFrom">The least count of a category that is listed.</param>
/// <param name="Recent">Sum of all items' recent counts, listed or not.</param>
/// <param name="Before">Sum of the others.</param>
/// <param name="Items">With the greatest counts first.</param>
/// <param name="Categories">With the greatest counts first.</param>
internal sealed record ReleasedCounts(
    int EpsilonThousandths,
    int MaxItemsPerUser,
    double RecentDays,
    int ItemsFrom,
    int CategoriesFrom,
    int Users,
    long Recent,
    long Before,
    IReadOnlyList<ReleasedItem> Items,
    IReadOnlyList<ReleasedCategory> Categories);

/// <summary>Counts of an item.</summary>
internal sealed record ReleasedItem(string ItemId, int Recent, int Before)
{
    public int Users => Recent + Before;
}

/// <summary>Count of a category.</summary>
internal sealed record ReleasedCategory(string Category, int Users);
