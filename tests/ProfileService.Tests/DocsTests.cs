using System.Text.RegularExpressions;

namespace ProfileService.Tests;

/// <summary>The pages of this repository hold together.</summary>
public sealed partial class DocsTests
{
    private static readonly string[] Places =
        [".", "docs", "docs/measurements", "docs/measurements/growth", "eng", "examples/shop", "src/training"];

    public static IEnumerable<TheoryDataRow<string>> Pages =>
        from place in Places
        from file in Directory.EnumerateFiles(Repository.Path(place), "*.md")
        select new TheoryDataRow<string>(Path.GetRelativePath(Repository.Root, file));

    [Theory]
    [MemberData(nameof(Pages))]
    public void EveryLinkToAnotherPageLeadsToAHeadingOrFileThatExists(string page)
    {
        var file = Repository.Path(page);
        var dead = from Match link in Link.Matches(File.ReadAllText(file))
                   let target = link.Groups["target"].Value.Split('#', 2)
                   let path = target[0].Length == 0 ? file : Path.Combine(Path.GetDirectoryName(file)!, target[0])
                   where !Exists(path) || (target.Length == 2 && path.EndsWith(".md", StringComparison.Ordinal) && !HeadingsOf(path).Contains(target[1]))
                   select link.Value;

        Assert.Empty(dead);
    }

    [Fact]
    public void ShopHasTheTwoHundredLinesThatItsPageSays()
    {
        var lines = Directory.EnumerateFiles(Repository.Path("examples/shop"), "*.cs").SelectMany(File.ReadAllLines).ToList();
        Assert.InRange(lines.Count(line => !string.IsNullOrWhiteSpace(line)), 100, 200);
        Assert.DoesNotContain(lines, line => line.Length > 140);
    }

    private static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);

    // As the usual hosts of Git repositories make an address of a heading.
    private static HashSet<string> HeadingsOf(string page) =>
        [.. Heading.Matches(File.ReadAllText(page)).Select(m => NoAnchor.Replace(m.Groups["text"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'))];

    [GeneratedRegex(@"\]\((?!https?:)(?<target>[^)\s]+)\)")]
    private static partial Regex Link { get; }

    [GeneratedRegex(@"^#+ (?<text>.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading { get; }

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoAnchor { get; }
}
