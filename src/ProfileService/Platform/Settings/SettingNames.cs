using System.Collections.Frozen;
using System.Reflection;

namespace ProfileService.Platform.Settings;

/// <summary>Knows the names of all settings, and suggests the most similar one for an unknown name.</summary>
internal static class SettingNames
{
    /// <summary>Suffix of a setting whose value is in a file: <c>ConnectionStrings:Postgres:FILE</c>.</summary>
    public const string File = "FILE";

    private const int MaxSuggestionDistance = 3; // letters

    /// <summary>The service's own settings, such as <c>Windows:MaxEvents</c>, and their types.</summary>
    public static readonly FrozenDictionary<string, Type> Own = (
        from options in Assembly.GetExecutingAssembly().GetTypes()
        let section = options.GetCustomAttribute<SectionAttribute>()
        where section is not null
        from property in options.GetProperties()
        where property.SetMethod is not null
        select KeyValuePair.Create($"{section.Name}:{property.Name}", property.PropertyType))
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static readonly IReadOnlyList<string> Sections = [.. Own.Keys.Select(SectionOf).Distinct().Order(StringComparer.Ordinal)];

    public static string SectionOf(string path) => path.Split(':')[0];

    public static string ParentOf(string path) => path.LastIndexOf(':') is > 0 and var end ? path[..end] : "";

    public static string LastOf(string path) => path[(path.LastIndexOf(':') + 1)..];

    public static bool IsSection(string path) => Sections.Contains(path, StringComparer.OrdinalIgnoreCase);

    public static bool IsKnown(string path) => Own.ContainsKey(path) || IsInList(path) || IsFileOf(path) || FrameworkNames.Has(path);

    /// <summary>Whether a name has the suffix for a value in a file.</summary>
    public static bool IsFileOf(string path) =>
        LastOf(path).Equals(File, StringComparison.OrdinalIgnoreCase)
        && ParentOf(path) is var setting && TypeOf(setting) is { IsArray: false }
        && !setting.Equals(SecretFiles.Directory, StringComparison.OrdinalIgnoreCase); // which is read before any file

    /// <summary>The message for an unknown name.</summary>
    public static string Unknown(string path, string source) => IsSection(path)
        ? $"{path} ({source}) is a section, not a setting. {Contents(path)}"
        : $"{path} ({source}) is not a setting. {(Nearest(path) is { } near ? $"Did you mean {near}?" : Contents(SectionOf(path)))}";

    /// <summary>The setting that is probably meant: the whole name is similar, or the last word of a setting in another section.</summary>
    private static string? Nearest(string path)
    {
        if (FrameworkNames.Nearest(path) is { } found)
            return found;
        var near = Own.Keys.Concat(FrameworkNames.Exact).Order(StringComparer.Ordinal)
            .MinBy(name => (Distance(path, name), EditDistance.Between(path, name)))!;
        return Distance(path, near) <= Math.Min(MaxSuggestionDistance, path.Length / 3) ? near : null;
    }

    private static int Distance(string path, string name) =>
        path.Split(':').Select(word => (2 * EditDistance.Between(word, LastOf(name))) + 1).Append(EditDistance.Between(path, name)).Min();

    private static string Contents(string section)
    {
        var names = Own.Keys.Concat(FrameworkNames.Shown)
            .Where(name => SectionOf(name).Equals(section, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal).ToList();
        return names.Count > 0
            ? $"{SectionOf(names[0])} has: {string.Join(", ", names)}."
            : $"Sections are: {string.Join(", ", Sections.Concat(FrameworkNames.Sections))}.";
    }

    private static bool IsInList(string path) => TypeOf(ParentOf(path)) is { IsArray: true } && LastOf(path).All(char.IsAsciiDigit);

    private static Type? TypeOf(string path) => Own.GetValueOrDefault(path);
}
