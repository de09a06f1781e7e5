using System.Globalization;

namespace ProfileService.Flows;

/// <summary>
/// Up to where a reader has followed the changes. The database has four lists of them, each with numbers of its own: profiles that are
/// stored, users that are erased, users whose purposes end their profile, ids that became another one's alias.
/// </summary>
internal readonly record struct ChangeCursor(long Profiles, long Erasures, long Refusals, long Aliases)
{
    private const string Version = "1";
    private const int Parts = 5;

    /// <summary>Reads a cursor of <see cref="ToString"/>; null if it is none.</summary>
    public static ChangeCursor? Parse(string text) =>
        text.Split('.') is { Length: Parts } parts && parts[0] == Version
            && Number(parts[1]) is { } profiles && Number(parts[2]) is { } erasures && Number(parts[3]) is { } refusals
            && Number(parts[4]) is { } aliases
            ? new ChangeCursor(profiles, erasures, refusals, aliases)
            : null;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Version}.{Profiles}.{Erasures}.{Refusals}.{Aliases}");

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
