using ProfileService.Platform.Settings;

namespace ProfileService.Platform;

/// <summary>Orders known names by similarity to a misspelt one.</summary>
internal static class Nearest
{
    /// <summary>The most similar name first; equally similar names in alphabetical order.</summary>
    public static IEnumerable<string> InOrder(string misspelt, IEnumerable<string> names) =>
        names.OrderBy(name => EditDistance.Between(misspelt, name)).ThenBy(name => name, StringComparer.Ordinal);
}
