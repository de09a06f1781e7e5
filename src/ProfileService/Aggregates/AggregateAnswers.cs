using System.ComponentModel.DataAnnotations;
using ProfileService.Items;
using ProfileService.Platform;

namespace ProfileService.Aggregates;

/// <summary>The items that most users met.</summary>
/// <param name="Release">What the counts are of.</param>
/// <param name="Items">With the most users first.</param>
/// <param name="Stale">True if the database could not be asked for a later release; left out otherwise.</param>
internal sealed record PopularItems(
    Release Release, [MaxLength(AggregatesApi.MaxCount)] IReadOnlyList<PopularItem> Items, bool? Stale = null);

/// <summary>An item and how many users met it. Title, categories and price are the catalogue's, and left out if it has none.</summary>
/// <param name="ItemId">As events name it.</param>
/// <param name="Users">Among whose newest items it is, with noise.</param>
/// <param name="Title">For people.</param>
/// <param name="Categories">The most specific first.</param>
/// <param name="Price">In the unit of the events' values.</param>
internal sealed record PopularItem([Id] string ItemId, int Users, string? Title, [Name] IReadOnlyList<string>? Categories, double? Price)
{
    public static PopularItem Of(ReleasedItem item, CatalogueItem? known) =>
        new(item.ItemId, item.Users, known?.Title, known?.Categories is { Count: > 0 } categories ? categories : null, known?.Price);
}

/// <summary>The items whose share of what users meet grew the most.</summary>
/// <param name="Release">What the counts are of.</param>
/// <param name="RecentDays">How many days before the release are recent.</param>
/// <param name="Items">With the greatest growth first.</param>
/// <param name="Stale">True if the database could not be asked for a later release; left out otherwise.</param>
internal sealed record TrendingItems(
    Release Release,
    [Range(0d, double.PositiveInfinity)] double RecentDays,
    [MaxLength(AggregatesApi.MaxCount)] IReadOnlyList<TrendingItem> Items,
    bool? Stale = null);

/// <summary>An item and how its share grew. Title, categories and price are the catalogue's, and left out if it has none.</summary>
/// <param name="ItemId">As events name it.</param>
/// <param name="Users">Who met it recently, and have it among their newest items, with noise.</param>
/// <param name="Share">Share of the recent counts of all items.</param>
/// <param name="Growth">The share, less that of the counts from before.</param>
/// <param name="Title">For people.</param>
/// <param name="Categories">The most specific first.</param>
/// <param name="Price">In the unit of the events' values.</param>
internal sealed record TrendingItem(
    [Id] string ItemId,
    int Users,
    [Range(0d, 1d)] double Share,
    [Range(0d, 1d)] double Growth,
    string? Title,
    [Name] IReadOnlyList<string>? Categories,
    double? Price)
{
    public static TrendingItem Of(ReleasedItem item, ReleasedCounts counts, CatalogueItem? known)
    {
        var (share, growth) = counts.SharesOf(item);
        return new TrendingItem(
            item.ItemId,
            item.Recent,
            share,
            growth,
            known?.Title,
            known?.Categories is { Count: > 0 } categories ? categories : null,
            known?.Price);
    }
}

/// <summary>How many users met each category.</summary>
/// <param name="Release">What the counts are of.</param>
/// <param name="Categories">With the most users first.</param>
/// <param name="Stale">True if the database could not be asked for a later release; left out otherwise.</param>
internal sealed record CategoryCounts(
    Release Release, [MaxLength(AggregatesApi.MaxCount)] IReadOnlyList<CategoryCount> Categories, bool? Stale = null);

/// <summary>A category and how many users met it.</summary>
/// <param name="Category">As the catalogue names it.</param>
/// <param name="Users">Among whose newest categories it is, with noise.</param>
internal sealed record CategoryCount([Name] string Category, int Users);
