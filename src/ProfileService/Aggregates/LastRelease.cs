namespace ProfileService.Aggregates;

/// <summary>The last release, as the API answers with it.</summary>
internal sealed class LastRelease(Release about, ReleasedCounts counts)
{
    private readonly Lazy<IReadOnlyList<ReleasedItem>> _growing = new(() =>
    [
        .. counts.Items.Where(item => item.Recent >= counts.ItemsFrom).Select(item => (Item: item, counts.SharesOf(item).Growth))
            .Where(grown => grown.Growth > 0)
            .OrderByDescending(grown => grown.Growth).ThenBy(grown => grown.Item.ItemId, StringComparer.Ordinal)
            .Select(grown => grown.Item),
    ]);

    public Release About => about;

    public ReleasedCounts Counts => counts;

    /// <summary>The items whose share grew, the most first.</summary>
    public IReadOnlyList<ReleasedItem> Growing => _growing.Value;
}
