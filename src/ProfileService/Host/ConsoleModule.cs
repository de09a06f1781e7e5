using System.Text.RegularExpressions;

namespace ProfileService.Host;

/// <summary>A module of the console, taken apart: what it imports, what it exports, and its code without either.</summary>
/// <remarks>
/// It reads two forms, each on one line from its first column: <c>import { a, b } from './c.js';</c> and <c>export</c> before a
/// <c>const</c>, <c>function</c> or <c>class</c> with a name. Any other is refused, so that no module is joined in another sense.
/// </remarks>
internal sealed partial record ConsoleModule(
    string Path, IReadOnlyList<ConsoleModule.Import> Imports, IReadOnlyList<string> Exports, string Code)
{
    /// <summary>Where the exports of each module stand in the bundle; a module may not use the name.</summary>
    public const string Table = "$modules";

    /// <exception cref="InvalidOperationException">The module has syntax that is not read here, or declares a name twice.</exception>
    public static ConsoleModule Parse(string path, string text)
    {
        var lines = text.ReplaceLineEndings("\n");
        var imports = ImportLine().Matches(lines)
            .Select(match => new Import(
                Resolve(path, match.Groups[2].Value), match.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries)));
        var exports = ExportedName().Matches(lines).Select(match => match.Groups[2].Value);
        var module = new ConsoleModule(path, [.. imports], [.. exports], ExportedName().Replace(ImportLine().Replace(lines, ""), "$1"));
        module.Check();
        return module;
    }

    private void Check()
    {
        if (OtherForm().Match(Code) is { Success: true } other)
            throw new InvalidOperationException($"{Path} has a form of import or export that is not joined: {other.Value.Trim()}.");
        if (Code.Contains(Table, StringComparison.Ordinal))
            throw new InvalidOperationException($"{Path} uses {Table}, which is the bundle's own.");
        var names = Imports.SelectMany(import => import.Names).Concat(TopLevelName().Matches(Code).Select(match => match.Groups[1].Value));
        if (names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InvalidOperationException($"{Path} has the name {twice.Key} twice.");
    }

    private static string Resolve(string path, string relative) => new Uri(new Uri($"file:///{path}"), relative).AbsolutePath[1..];

    [GeneratedRegex("""^import \{ ([\w$, ]+) \} from '(\.[\w./-]+)';$""", RegexOptions.Multiline)]
    private static partial Regex ImportLine();

    [GeneratedRegex("""^export ((?:const|(?:async )?function|class) ([\w$]+))(?![\w$])""", RegexOptions.Multiline)]
    private static partial Regex ExportedName();

    [GeneratedRegex("""(?:^|;)\s*(?:import|export)\b.*|\bimport\s*[.(].*""", RegexOptions.Multiline)]
    private static partial Regex OtherForm();

    [GeneratedRegex("""^(?:const|let|var|(?:async )?function\*?|class) ([\w$]+)""", RegexOptions.Multiline)]
    private static partial Regex TopLevelName();

    /// <summary>Names that a module takes from another one.</summary>
    public sealed record Import(string From, IReadOnlyList<string> Names);
}
