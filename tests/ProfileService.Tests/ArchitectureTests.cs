using System.Text.RegularExpressions;

namespace ProfileService.Tests;

/// <summary>Which folder of the service, and of its command, may know which, as the tables in docs/architecture.md say.</summary>
public sealed partial class ArchitectureTests
{
    public static TheoryData<string> FoldersOfService => [.. FolderTable.OfService.Folders];

    public static TheoryData<string> FoldersOfCommand => [.. FolderTable.OfCommand.Folders];

    [Theory]
    [MemberData(nameof(FoldersOfService))]
    public void FolderOfTheServiceKnowsWhatItsRowNamesAndNothingElse(string folder) => CheckRow(FolderTable.OfService, folder);

    [Theory]
    [MemberData(nameof(FoldersOfCommand))]
    public void FolderOfTheCommandKnowsWhatItsRowNamesAndNothingElse(string folder) => CheckRow(FolderTable.OfCommand, folder);

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
    public void EveryWayToNameATypeOfAFolderIsSeen(string planted) => Assert.Equal(["Refresh"], FolderTable.OfService.Known(planted));

    [Theory]
    [InlineData("using ProfileService.Cli.Replay;")]
    [InlineData("using Run = ProfileService . Cli . Replay.ReplayRun;")]
    [InlineData("await Replay.ReplayRun.RunAsync();")]
    public void EveryWayToNameATypeOfAFolderOfTheCommandIsSeen(string planted) => Assert.Equal(["Replay"], FolderTable.OfCommand.Known(planted));

    [Theory]
    [InlineData("service.Refresh.RefreshOptions")]
    [InlineData("Refresh.Start(now)")]
    [InlineData("\"Refresh:Workers\"")]
    public void WhatIsNotAFoldersTypeIsNone(string text) => Assert.Empty(FolderTable.OfService.Known(text));

    [Fact]
    public void NoFolderOfTheCommandKnowsWhatStandsBesideTheFolders()
    {
        var table = FolderTable.OfCommand;
        Assert.Equal(["Commands"], table.KnownOfRoot("var root = Commands.Create();"));
        Assert.All(table.Folders.SelectMany(table.FilesOf), file => Assert.Empty(table.KnownOfRoot(File.ReadAllText(file))));
    }

    [Fact]
    public void NoFileUsesAFolderForAllOthers() => Assert.All(FolderTable.All, table => Assert.All(table.Folders.SelectMany(table.FilesOf),
        file => Assert.DoesNotContain("global using", File.ReadAllText(file), StringComparison.Ordinal)));

    [Fact]
    public void NamespaceIsTheFolder() => Assert.All(FolderTable.All, table => Assert.All(table.Folders.SelectMany(table.FilesOf),
        file => Assert.Matches($@"namespace {Regex.Escape(table.NamespaceOf(file))}[;\s]", File.ReadAllText(file))));

    [Fact]
    public void EachFolderKnowsOnlyRowsAboveItsOwn() => Assert.All(FolderTable.All, table =>
    {
        var above = new HashSet<string>();
        foreach (var (folder, known) in table.Rows)
        {
            Assert.All(known, other => Assert.Contains(other, above));
            above.Add(folder);
        }
    });

    [Fact]
    public void WaysThatTheDocumentTellsNameFilesAndMethodsThatThereAre()
    {
        var hops = Hop().Matches(File.ReadAllText(Repository.Path("docs/architecture.md")));
        Assert.True(hops.Count > 15);
        foreach (var hop in hops.Select(h => (File: h.Groups[1].Value, Method: h.Groups[2].Value)))
            Assert.Matches($@"\b{hop.Method}(<\w+>)?\(", File.ReadAllText(Repository.Path($"src/ProfileService/{hop.File}")));
    }

    // Uses that nothing needs are refused by IDE0005.
    private static void CheckRow(FolderTable table, string folder)
    {
        var known = table.FilesOf(folder)
            .SelectMany(file => table.Known(File.ReadAllText(file)).Select(other => (Folder: other, File: Path.GetFileName(file))))
            .Where(known => known.Folder != folder).ToLookup(known => known.Folder, known => known.File);
        var row = table.Rows[folder];
        Assert.Equal([], known.Where(other => !row.Contains(other.Key)).Select(other => $"{folder} uses {other.Key} in {other.First()}"));
        Assert.Equal([], row.Where(other => !known.Contains(other)).Select(other => $"{folder} does not use {other}"));
    }

    [GeneratedRegex(@"^\| \d+ \| `([\w/]+\.cs)`[^|]*\| `(\w+)`", RegexOptions.Multiline)]
    private static partial Regex Hop();
}
