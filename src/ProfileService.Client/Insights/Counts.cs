namespace ProfileService.Client;

/// <summary>The items that most users met.</summary>
/// <param name="Release">What the counts are of.</param>
/// <param name="Items">With the most users first.</param>
/// <param name="Stale">True if the service could not look for a later release; null otherwise.</param>
public sealed record PopularItems(Release Release, IReadOnlyList<PopularItem> Items, bool? Stale = null);

/// <summary>The items whose share of what users meet grew the most.</summary>
/// <param name="Release">What the counts are of.</param>
/// <param name="RecentDays">How many days before the release are recent.</param>
/// <param name="Items">With the greatest growth first.</param>
/// <param name="Stale">True if the service could not look for a later release; null otherwise.</param>
public sealed record TrendingItems(Release Release, double RecentDays, IReadOnlyList<TrendingItem> Items, bool? Stale = null);

/// <summary>An item and how its share grew. Title, categories and price are the catalogue's, and null if it does not have them.</summary>
/// <param name="ItemId">As events name it.</param>
/// <param name="Users">Number of users who met it recently, with noise that hides each of them.</param>
/// <param name="Share">Share of the recent counts of all items.</param>
/// <param name="Growth">The share, less that of the counts from before.</param>
/// <param name="Title">For people.</param>
/// <param name="Categories">The most specific first.</param>
/// <param name="Price">In the unit of the events' values.</param>
public sealed record TrendingItem(
    string ItemId,
    int Users,
    double Share,
    double Growth,
    string? Title = null,
    IReadOnlyList<string>? Categories = null,
    double? Price = null)
    : IListedItem;

/// <summary>How many users met each category.</summary>
/// <param name="Release">What the counts are of.</param>
/// <param name="Categories">With the most users first.</param>
/// <param name="Stale">True if the service could not look for a later release; null otherwise.</param>
public sealed record CategoryCounts(Release Release, IReadOnlyList<CategoryCount> Categories, bool? Stale = null);

/// <summary>A category and how many users met it.</summary>
/// <param name="Category">As the catalogue names it.</param>
/// <param name="Users">Number of users, with noise that hides each of them.</param>
public sealed record CategoryCount(string Category, int Users);
