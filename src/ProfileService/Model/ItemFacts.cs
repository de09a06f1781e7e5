namespace ProfileService.Model;

/// <summary>Data of an item that the model uses in addition to the event.</summary>
/// <param name="Category">The item's first category, UTF-8, for events without one; null if the item has none.</param>
/// <param name="Content">The item's content vector; null if it has none or the model does not use it.</param>
internal sealed record ItemFacts(byte[]? Category, float[]? Content);

/// <summary>
/// Finds the facts of an item by its UTF-8 id; returns null if the item is unknown. Called for each event, by many threads.
/// </summary>
internal delegate ItemFacts? ItemLookup(ReadOnlySpan<byte> itemId);
