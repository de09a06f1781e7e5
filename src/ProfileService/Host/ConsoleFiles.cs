using System.Collections.Frozen;
using System.Reflection;
using System.Text.RegularExpressions;

namespace ProfileService.Host;

/// <summary>
/// What browsers get of the console: its page, all modules as one script, all style sheets as one, and the icon. Script and style sheet
/// have the hash of their content in the name, so that a browser keeps them until they change.
/// </summary>
internal static partial class ConsoleFiles
{
    public const string Index = "index.html";

    private const string Folder = "wwwroot/"; // prefix of the resource names, set in the project file

    /// <summary>The files by their path, such as <c>console/icon.svg</c>.</summary>
    public static FrozenDictionary<string, ConsoleFile> All { get; } = Join(ReadSources());

    /// <summary>
    /// The files as they are written, by their path below <c>wwwroot</c>: resources of the assembly, so that the working directory does not
    /// matter.
    /// </summary>
    public static FrozenDictionary<string, string> ReadSources() =>
        Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name[Folder.Length..].Replace('\\', '/'), ReadText, StringComparer.Ordinal);

    private static FrozenDictionary<string, ConsoleFile> Join(FrozenDictionary<string, string> sources)
    {
        var page = sources[Index];
        var style = ConsoleFile.Named("css", string.Concat(Style().Matches(page).Select(match => StyleOf(sources, match.Groups[1].Value))));
        var script = ConsoleFile.Named("js", ConsoleBundle.Join(sources, Script().Match(page).Groups[1].Value));
        var joined = Script().Replace(
            Style().Replace(page, ""),
            $"""<link rel="stylesheet" href="{style.Path}">{"\n    "}<script type="module" src="{script.Path}"></script>""");
        return sources.Where(source => Path.GetExtension(source.Key) is not (".js" or ".css" or ".html"))
            .Select(source => KeyValuePair.Create(source.Key, ConsoleFile.Of(source.Key, source.Value)))
            .Append(new(Index, ConsoleFile.Of(Index, joined)))
            .Append(new(style.Path, style.File))
            .Append(new(script.Path, script.File))
            .ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static string StyleOf(FrozenDictionary<string, string> sources, string path) =>
        OtherFile().IsMatch(sources[path])
            ? throw new InvalidOperationException($"{path} names another file, which the joined style sheet would look for elsewhere.")
            : sources[path];

    private static string ReadText(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("""\s*<link rel="stylesheet" href="([^"]+)">""")]
    private static partial Regex Style();

    [GeneratedRegex("""<script type="module" src="([^"]+)"></script>""")]
    private static partial Regex Script();

    [GeneratedRegex(@"\burl\(|@import\b")]
    private static partial Regex OtherFile();
}
