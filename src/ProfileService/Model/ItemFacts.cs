namespace ProfileService.Model;

/// <summary>What the model takes from an item where the event does not say it.</summary>
/// <param name="Category">The item's first category, UTF-8; null where it has none.</param>
/// <param name="Content">The item's content vector; null where it has none or the model takes none.</param>
internal sealed record ItemFacts(byte[]? Category, float[]? Content);

/// <summary>The facts of an item, whose id is UTF-8 as windows hold it; null where nothing is known of it. Called for single events, by many threads.</summary>
internal delegate ItemFacts? ItemLookup(ReadOnlySpan<byte> itemId);
