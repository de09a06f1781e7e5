namespace ProfileService.Lookup;

/// <summary>The parts of a profile that <c>?include=</c> names.</summary>
[Flags]
internal enum ProfileParts
{
    None = 0,
    Vector = 1,
    Dimensions = 2,
    Explanation = 4,
    Default = Vector | Dimensions,
}

internal static class ProfilePartNames
{
    public const string Explanation = "explanation";

    /// <summary>The problem if <see cref="Parse"/> finds another name.</summary>
    public const string Problem = "include takes vector, dimensions and explanation, separated by commas.";

    public const string NotInBytes =
        $"{ProfileFormat.Bytes} has the vector alone, and the rest in headers. Leave include out, or accept {ProfileFormat.Json}.";

    /// <summary>Reads the names of parts; the default parts if there is no name; null if a name is unknown.</summary>
    public static ProfileParts? Parse(string? include)
    {
        if (include is null)
            return ProfileParts.Default;
        var parts = ProfileParts.None;
        foreach (var name in include.Split(',', StringSplitOptions.TrimEntries))
        {
            switch (name)
            {
                case "vector": parts |= ProfileParts.Vector; break;
                case "dimensions": parts |= ProfileParts.Dimensions; break;
                case Explanation: parts |= ProfileParts.Explanation; break;
                default: return null;
            }
        }

        return parts;
    }
}
