using System.Text.RegularExpressions;

namespace ProfileService.Tests;

/// <summary>Which folder of the service may know which, as the table in docs/architecture.md says.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly string Source = Repository.Path("src/ProfileService");

    private static readonly IReadOnlyDictionary<string, string[]> Table = ReadTable();

    private static readonly string Names = string.Join('|', Table.Keys);

    private static readonly Dictionary<string, HashSet<string>> TypesOf = Table.Keys.ToDictionary(folder => folder,
        folder => FilesOf(folder).SelectMany(file => Declared().Matches(File.ReadAllText(file))).Select(NameOf).ToHashSet());

    // From within the service's namespace a folder's name alone will do.
    private static readonly Regex ByFolder = new(
        $@"\busing\s+(?<folder>{Names})\b|(?<![\w.])(?<folder>{Names})(?<path>(\s*\.\s*[A-Z]\w*)+)");

    public static TheoryData<string> Folders => [.. Directory.GetDirectories(Source).Select(Path.GetFileName).OfType<string>()
        .Where(folder => FilesOf(folder).Any())];

    [Theory]
    [MemberData(nameof(Folders))]
    public void FolderKnowsWhatItsRowNamesAndNothingElse(string folder)
    {
        var known = FilesOf(folder)
            .SelectMany(file => Known(File.ReadAllText(file)).Select(other => (Folder: other, File: Path.GetFileName(file))))
            .Where(known => known.Folder != folder).ToLookup(known => known.Folder, known => known.File);
        var row = Table[folder];
        Assert.Equal([], known.Where(other => !row.Contains(other.Key)).Select(other => $"{folder} uses {other.Key} in {other.First()}"));
        Assert.Equal([], row.Where(other => !known.Contains(other)).Select(other => $"{folder} does not use {other}"));
    }

    [Theory]
    [InlineData("using ProfileService.Refresh;")]
    [InlineData("using static ProfileService.Refresh.RefreshTrace;")]
    [InlineData("using Options = ProfileService.Refresh.RefreshOptions;")]
    [InlineData("using Refresh;")]
    [InlineData("var options = new Refresh.RefreshOptions();")]
    [InlineData("global::ProfileService.Refresh.RefreshOptions? options = null;")]
    [InlineData("typeof(ProfileService . Refresh . RefreshOptions)")]
    [InlineData("nameof(Refresh . RefreshOptions)")]
    [InlineData("internal class Planted : Refresh.RefreshHealth;")]
    public void EveryWayToNameATypeOfAFolderIsSeen(string planted) => Assert.Equal(["Refresh"], Known(planted));

    [Theory]
    [InlineData("service.Refresh.RefreshOptions")]
    [InlineData("Refresh.Start(now)")]
    [InlineData("\"Refresh:Workers\"")]
    public void WhatIsNotAFoldersTypeIsNone(string text) => Assert.Empty(Known(text));

    [Fact]
    public void NoFileUsesAFolderForAllOthers() => Assert.All(Table.Keys.SelectMany(FilesOf),
        file => Assert.DoesNotContain("global using", File.ReadAllText(file), StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Folders))]
    public void NamespaceIsTheFolder(string folder) =>
        Assert.All(FilesOf(folder), file => Assert.Matches(
            $"namespace {Regex.Escape($"ProfileService.{Path.GetRelativePath(Source, Path.GetDirectoryName(file)!).Replace('/', '.')}")}[;\\s]",
            File.ReadAllText(file)));

    [Fact]
    public void EachFolderKnowsOnlyRowsAboveItsOwn()
    {
        var above = new HashSet<string>();
        foreach (var (folder, known) in Table)
        {
            Assert.All(known, other => Assert.Contains(other, above));
            above.Add(folder);
        }
    }

    [Fact]
    public void WaysThatTheDocumentTellsNameFilesAndMethodsThatThereAre()
    {
        var hops = Hop().Matches(File.ReadAllText(Repository.Path("docs/architecture.md")));
        Assert.True(hops.Count > 15);
        foreach (var hop in hops.Select(h => (File: h.Groups[1].Value, Method: h.Groups[2].Value)))
            Assert.Matches($@"\b{hop.Method}(<\w+>)?\(", File.ReadAllText(Path.Combine(Source, hop.File)));
    }

    private static IEnumerable<string> FilesOf(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Source, folder), "*.cs", SearchOption.AllDirectories);

    /// <summary>The folders of whose types a source text names one.</summary>
    private static IEnumerable<string> Known(string source) => Mention().Matches(source).Select(mention => mention.Groups[1].Value)
        .Concat(ByFolder.Matches(source).Where(IsOfType).Select(mention => mention.Groups["folder"].Value)).Distinct();

    private static string NameOf(Match type) => type.Groups[1].Success ? type.Groups[1].Value : type.Groups[2].Value;

    private static bool IsOfType(Match mention) => !mention.Groups["path"].Success
        || Word().Matches(mention.Groups["path"].Value).Any(word => TypesOf[mention.Groups["folder"].Value].Contains(word.Value));

    private static Dictionary<string, string[]> ReadTable() => Row().Matches(File.ReadAllText(Repository.Path("docs/architecture.md")))
        .ToDictionary(row => row.Groups[1].Value, row => Name().Matches(row.Groups[2].Value).Select(name => name.Groups[1].Value).ToArray());

    // Uses that nothing needs are refused by IDE0005.
    [GeneratedRegex(@"\bProfileService\s*\.\s*([A-Z]\w+)")]
    private static partial Regex Mention();

    [GeneratedRegex(@"\b(?:class|struct|record|interface|enum)\s+([A-Z]\w*)|\bdelegate\s+[^;(]+?\s([A-Z]\w*)\s*[(<]")]
    private static partial Regex Declared();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    [GeneratedRegex(@"^\| `(\w+)` \|[^|]*\|([^|]*)\|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"`(\w+)`")]
    private static partial Regex Name();

    [GeneratedRegex(@"^\| \d+ \| `([\w/]+\.cs)`[^|]*\| `(\w+)`", RegexOptions.Multiline)]
    private static partial Regex Hop();
}
