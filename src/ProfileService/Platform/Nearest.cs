using ProfileService.Platform.Settings;

namespace ProfileService.Platform;

/// <summary>Names in the order of their likeness to one that was meant.</summary>
internal static class Nearest
{
    /// <summary>Of equals in alphabetical order.</summary>
    public static IEnumerable<string> First(string meant, IEnumerable<string> names) =>
        names.OrderBy(name => EditDistance.Between(meant, name)).ThenBy(name => name, StringComparer.Ordinal);
}
