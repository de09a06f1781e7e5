using System.Text.RegularExpressions;

namespace ProfileService.Tests;

/// <summary>Which folder of the service may know which, as the table in docs/architecture.md says.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly string Source = Repository.Path("src/ProfileService");

    private static readonly IReadOnlyDictionary<string, string[]> Table = ReadTable();

    public static TheoryData<string> Folders => [.. Directory.GetDirectories(Source).Select(Path.GetFileName).OfType<string>()
        .Where(folder => FilesOf(folder).Any())];

    [Theory]
    [MemberData(nameof(Folders))]
    public void FolderKnowsWhatItsRowNamesAndNothingElse(string folder)
    {
        var known = FilesOf(folder).SelectMany(file => Known(file).Select(other => (Folder: other, File: Path.GetFileName(file))))
            .Where(known => known.Folder != folder).ToLookup(known => known.Folder, known => known.File);
        var row = Table[folder];
        Assert.Equal([], known.Where(other => !row.Contains(other.Key)).Select(other => $"{folder} uses {other.Key} in {other.First()}"));
        Assert.Equal([], row.Where(other => !known.Contains(other)).Select(other => $"{folder} does not use {other}"));
    }

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

    private static IEnumerable<string> Known(string file) =>
        Mention().Matches(File.ReadAllText(file)).Select(mention => mention.Groups[1].Value).Distinct();

    private static Dictionary<string, string[]> ReadTable() => Row().Matches(File.ReadAllText(Repository.Path("docs/architecture.md")))
        .ToDictionary(row => row.Groups[1].Value, row => Name().Matches(row.Groups[2].Value).Select(name => name.Groups[1].Value).ToArray());

    // A folder's types are reached by its namespace alone: by using it, which IDE0005 allows only where it is needed, or by the whole name.
    [GeneratedRegex(@"\bProfileService\.([A-Z]\w+)")]
    private static partial Regex Mention();

    [GeneratedRegex(@"^\| `(\w+)` \|[^|]*\|([^|]*)\|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"`(\w+)`")]
    private static partial Regex Name();

    [GeneratedRegex(@"^\| \d+ \| `([\w/]+\.cs)`[^|]*\| `(\w+)`", RegexOptions.Multiline)]
    private static partial Regex Hop();
}
