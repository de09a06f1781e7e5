namespace ProfileService.Client;

/// <summary>An item without its id, which is in the path.</summary>
internal sealed record ItemBody(
    IReadOnlyList<string>? Categories,
    double? Price,
    string? Title,
    IReadOnlyList<string>? Labels,
    float[]? Content,
    bool? Available,
    DateTimeOffset? ExpiresAt)
{
    public static ItemBody Of(CatalogueItem item) =>
        new(item.Categories, item.Price, item.Title, item.Labels, item.Content, item.Available, item.ExpiresAt);
}
