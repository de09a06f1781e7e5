using System.Text.RegularExpressions;

namespace ProfileService.Tests;

/// <summary>
/// A table of docs/architecture.md: the folders of a project, and which others each may know. The folder's name is part of the namespace.
/// </summary>
internal sealed partial class FolderTable
{
    public static readonly FolderTable OfService = new("src/ProfileService", "ProfileService", "Folders");

    public static readonly FolderTable OfCommand = new("src/ProfileService.Cli", "ProfileService.Cli", "The command");

    public static readonly FolderTable[] All = [OfService, OfCommand];

    private readonly string _source;
    private readonly string _rootNamespace;
    private readonly Dictionary<string, HashSet<string>> _typesOf;
    private readonly HashSet<string> _typesOfRoot;
    private readonly Regex _byNamespace;
    private readonly Regex _byFolder;

    /// <param name="heading">Of the section of docs/architecture.md that has the table.</param>
    private FolderTable(string source, string rootNamespace, string heading)
    {
        (_source, _rootNamespace) = (Repository.Path(source), rootNamespace);
        Rows = Row().Matches(Section(heading)).ToDictionary(
            row => row.Groups[1].Value,
            row => Name().Matches(row.Groups[2].Value).Select(name => name.Groups[1].Value).ToArray());
        _typesOf = Rows.Keys.ToDictionary(folder => folder, folder => TypesIn(FilesOf(folder)));
        _typesOfRoot = TypesIn(Directory.EnumerateFiles(_source, "*.cs"));
        var names = string.Join('|', Rows.Keys);
        _byNamespace = new($@"\b{rootNamespace.Replace(".", @"\s*\.\s*", StringComparison.Ordinal)}\s*\.\s*([A-Z]\w+)");
        // From within the root namespace a folder's name alone will do.
        _byFolder = new($@"\busing\s+(?<folder>{names})\b|(?<![\w.])(?<folder>{names})(?<path>(\s*\.\s*[A-Z]\w*)+)");
    }

    /// <summary>Folder → what its row says that it knows, in the order of the document.</summary>
    public IReadOnlyDictionary<string, string[]> Rows { get; }

    /// <summary>The folders that there are, whatever the document says.</summary>
    public IEnumerable<string> Folders => Directory.GetDirectories(_source).Select(Path.GetFileName).OfType<string>()
        .Where(folder => folder is not ("bin" or "obj") && FilesOf(folder).Any());

    public IEnumerable<string> FilesOf(string folder) =>
        Directory.EnumerateFiles(Path.Combine(_source, folder), "*.cs", SearchOption.AllDirectories);

    /// <summary>The namespace of a file, by where it lies.</summary>
    public string NamespaceOf(string file) =>
        $"{_rootNamespace}.{Path.GetRelativePath(_source, Path.GetDirectoryName(file)!).Replace('/', '.')}";

    /// <summary>The folders of whose types a source text names one.</summary>
    public IEnumerable<string> Known(string source) => _byNamespace.Matches(source).Select(mention => mention.Groups[1].Value)
        .Concat(_byFolder.Matches(source).Where(IsOfType).Select(mention => mention.Groups["folder"].Value)).Distinct();

    /// <summary>The types of the project's own folder, which stands above all others, that a source text names.</summary>
    public IEnumerable<string> KnownOfRoot(string source) =>
        Word().Matches(Comment().Replace(source, "")).Select(word => word.Value).Where(_typesOfRoot.Contains).Distinct();

    private static HashSet<string> TypesIn(IEnumerable<string> files) => files
        .SelectMany(file => Declared().Matches(File.ReadAllText(file)))
        .Select(type => type.Groups[1].Success ? type.Groups[1].Value : type.Groups[2].Value).ToHashSet();

    private static string Section(string heading)
    {
        var text = File.ReadAllText(Repository.Path("docs/architecture.md"));
        var begin = text.IndexOf($"\n## {heading}\n", StringComparison.Ordinal);
        Assert.True(begin >= 0, $"docs/architecture.md has no section {heading}");
        var end = text.IndexOf("\n## ", begin + 1, StringComparison.Ordinal);
        return end < 0 ? text[begin..] : text[begin..end];
    }

    private bool IsOfType(Match mention) => !mention.Groups["path"].Success
        || Word().Matches(mention.Groups["path"].Value).Any(word => _typesOf[mention.Groups["folder"].Value].Contains(word.Value));

    [GeneratedRegex(@"\b(?:class|struct|record|interface|enum)\s+([A-Z]\w*)|\bdelegate\s+[^;(]+?\s([A-Z]\w*)\s*[(<]")]
    private static partial Regex Declared();

    [GeneratedRegex("//.*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    [GeneratedRegex(@"^\| `(\w+)` \|[^|]*\|([^|]*)\|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"`(\w+)`")]
    private static partial Regex Name();
}
