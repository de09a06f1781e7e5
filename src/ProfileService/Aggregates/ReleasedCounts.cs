namespace ProfileService.Aggregates;

/// <summary>What a release says: counts with noise, or exact ones if epsilon is 0, and nothing else. Stored as JSON.</summary>
/// <param name="EpsilonThousandths">0 if the counts are exact.</param>
/// <param name="RecentDays">How many days before the release are recent.</param>
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
    IReadOnlyList<ReleasedCategory> Categories)
{
    /// <summary>An item's share of the recent counts, and by how much it grew; both clipped to what counts without noise can be.</summary>
    public (double Share, double Growth) SharesOf(ReleasedItem item)
    {
        var (share, former) = (ShareOf(item.Recent, Recent), ShareOf(item.Before, Before));
        return (Rounded(share), Rounded(Math.Max(0, share - former)));
    }

    private static double ShareOf(int count, long all) => Math.Clamp((double)count / Math.Max(1, all), 0, 1);

    private static double Rounded(double share) => Math.Round(share, 6);
}

/// <summary>Counts of an item.</summary>
internal sealed record ReleasedItem(string ItemId, int Recent, int Before)
{
    public int Users => Recent + Before;
}

/// <summary>Count of a category.</summary>
internal sealed record ReleasedCategory(string Category, int Users);
