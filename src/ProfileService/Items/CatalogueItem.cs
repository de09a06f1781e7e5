namespace ProfileService.Items;

/// <summary>What an item is, as its owner says.</summary>
/// <param name="ItemId">1 to 128 characters, as events name it.</param>
/// <param name="Categories">Up to 8 of 1 to 128 characters, the most specific first.</param>
/// <param name="Price">Finite, in whatever unit event values have.</param>
/// <param name="Title">For people; up to 256 characters.</param>
/// <param name="Labels">Up to 64 words of the owner's own, of 1 to 128 characters.</param>
/// <param name="Content">An embedding of the item's image, text or sound made elsewhere: Items:ContentDimension finite numbers.</param>
internal sealed record CatalogueItem(
    string ItemId, IReadOnlyList<string> Categories, double? Price, string? Title, IReadOnlyList<string> Labels, IReadOnlyList<float>? Content = null);
