using ProfileService.Storage;

namespace ProfileService.Purposes;

/// <summary>What a user's data may be used for.</summary>
[Flags]
internal enum Purpose
{
    None = 0,

    /// <summary>Computing a profile of it, and answering with what the profile says: vector, recommendations, predictions.</summary>
    Profile = 1,

    /// <summary>Showing which events and attributes made the profile what it is.</summary>
    Explain = 2,

    /// <summary>Naming the user among those whose profiles are like another's, and finding those that are like this one's.</summary>
    Similar = 4,

    /// <summary>Training models.</summary>
    Train = 8,

    All = Profile | Explain | Similar | Train,
}

/// <summary>The purposes as texts and as rows.</summary>
internal static class PurposeNames
{
    /// <summary>As requests, answers and settings name them.</summary>
    public static readonly IReadOnlyList<string> All =
        [NameOf(Purpose.Profile), NameOf(Purpose.Explain), NameOf(Purpose.Similar), NameOf(Purpose.Train)];

    public static string NameOf(Purpose purpose) => purpose.ToString().ToLowerInvariant();

    /// <summary>The purposes of a list of names, separated by commas; null if a name is unknown.</summary>
    public static Purpose? Parse(string list)
    {
        var names = list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return names.All(name => All.Contains(name, StringComparer.OrdinalIgnoreCase)) ? FromNames(names) : null;
    }

    /// <param name="names">Names that are known.</param>
    public static Purpose FromNames(IEnumerable<string> names) =>
        names.Aggregate(Purpose.None, (purposes, name) => purposes | Enum.Parse<Purpose>(name, ignoreCase: true));

    public static Purpose FromRow(PurposesRow row) =>
        (row.Profile ? Purpose.Profile : 0) | (row.Explain ? Purpose.Explain : 0)
        | (row.Similar ? Purpose.Similar : 0) | (row.Train ? Purpose.Train : 0);
}
