namespace ProfileService.Client;

/// <summary>Items that are like an item.</summary>
/// <param name="ItemId">What they are like.</param>
/// <param name="Model">Name and version of the model that says what is similar.</param>
/// <param name="Items">The most similar first, without the item itself.</param>
public sealed record SimilarItems(string ItemId, string Model, IReadOnlyList<SimilarItem> Items);

/// <summary>A similar item. Title, categories and price are the catalogue's, and null if it does not have them.</summary>
/// <param name="ItemId">As events name it.</param>
/// <param name="Similarity">
/// By vectors: their cosine, from -1 to 1 but for rounding. By neighbours: how often the two are met together, relative to how often each
/// is met; above 0.
/// </param>
/// <param name="Title">For people.</param>
/// <param name="Categories">The most specific first.</param>
/// <param name="Price">In the unit of the events' values.</param>
public sealed record SimilarItem(
    string ItemId, double Similarity, string? Title = null, IReadOnlyList<string>? Categories = null, double? Price = null)
    : IListedItem;
