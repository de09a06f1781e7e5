namespace ProfileService.Client;

public sealed partial class ProfileServiceClient
{
    /// <summary>Gets the items that most users met; null while no counts were released.</summary>
    /// <param name="count">Number of items at most, 1 to 1,000.</param>
    /// <param name="category">Keeps only items of this category; null for all.</param>
    public Task<PopularItems?> GetPopularItemsAsync(
        int count = 20, string? category = null, CancellationToken cancellationToken = default) =>
        _calls.FindAsync(
            Address.Query("v1/items/popular", ("count", count), ("category", category)),
            ClientJson.Default.PopularItems,
            cancellationToken);

    /// <summary>Gets the items whose share of what users meet grew the most; null while no counts were released.</summary>
    /// <param name="count">Number of items at most, 1 to 1,000.</param>
    /// <param name="category">Keeps only items of this category; null for all.</param>
    public Task<TrendingItems?> GetTrendingItemsAsync(
        int count = 20, string? category = null, CancellationToken cancellationToken = default) =>
        _calls.FindAsync(
            Address.Query("v1/items/trending", ("count", count), ("category", category)),
            ClientJson.Default.TrendingItems,
            cancellationToken);

    /// <summary>Gets how many users met each category; null while no counts were released.</summary>
    /// <param name="count">Number of categories at most, 1 to 1,000.</param>
    public Task<CategoryCounts?> GetCategoryCountsAsync(int count = 20, CancellationToken cancellationToken = default) =>
        _calls.FindAsync(Address.Query("v1/categories", ("count", count)), ClientJson.Default.CategoryCounts, cancellationToken);
}
