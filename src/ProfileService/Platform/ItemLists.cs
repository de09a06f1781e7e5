namespace ProfileService.Platform;

/// <summary>Lists whose addresses are those of items with their names, in upper or lower case.</summary>
internal static class ItemLists
{
    public const string Popular = "popular";
    public const string Trending = "trending";

    public static bool IsAt(string itemId) =>
        itemId.Equals(Popular, StringComparison.OrdinalIgnoreCase) || itemId.Equals(Trending, StringComparison.OrdinalIgnoreCase);
}
