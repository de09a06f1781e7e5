using System.Globalization;
using System.Text.Json;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Cli;

/// <summary>What the command says of a package is what src/training/tasks.py says of it.</summary>
[Needs(Need.Process)]
public sealed class ModelTasksTests : IDisposable
{
    internal const int Users = 130;
    private const int Known = 8;

    private static readonly string[] Categories = ["yoga", "baking", "makeup", "cookware"];

    private readonly TempDirectory _files = new();

    public ModelTasksTests()
    {
        File.WriteAllLines(_files.File("events"), Enumerable.Range(0, Users).SelectMany(EventsOf));
        File.WriteAllLines(_files.File("users"), Enumerable.Range(0, Users).Select(PersonOf));
        File.WriteAllLines(_files.File("ITEMS"), Items());
    }

    [Theory]
    [InlineData("tests/packages/tiny/1", "--after 8")]
    [InlineData("tests/packages/parts/1", "--until 2026-11-02T00:00:00Z")]
    [InlineData("tests/packages/content/1", "--after 8 --items ITEMS")]
    [InlineData("models/starter/3", "--after 8")] // hashed items, of which the command has no vectors
    public async Task TableIsThatOfTraining(string package, string cut)
    {
        var training = Rows(await TrainingAsync(package, cut));
        var rows = Rows(await TasksAsync(package, cut));
        Assert.Equal(training.Select(r => r.Name), rows.Select(r => r.Name));
        Assert.Contains(rows, r => r.Name == "buys in the next 5, AUC");
        Assert.Contains(rows, r => r.Name == "age, R²");
        Assert.Contains(rows, r => r.Name == "taste, AUC");
        foreach (var (theirs, ours) in training.Zip(rows))
        {
            Assert.Equal(theirs.Figures.Keys.Where(k => package != "models/starter/3" || k != "mean of items"), ours.Figures.Keys);
            Assert.All(ours.Figures, f => Assert.Equal(theirs.Figures[f.Key], f.Value, 0.0015));
        }
    }

    [Fact]
    public async Task OfTwoPackagesTheTableHasTheMean()
    {
        var tables = new List<List<(string Name, Dictionary<string, double> Figures)>>();
        foreach (var packages in (string[])["tests/packages/tiny/1", "tests/packages/parts/1", "tests/packages/tiny/1 tests/packages/parts/1"])
            tables.Add(Rows(await TasksAsync(packages, "--after 8")));
        foreach (var (one, other, both) in tables[0].Zip(tables[1], tables[2]))
            Assert.Equal((one.Figures["package"] + other.Figures["package"]) / 2, both.Figures["package"], 0.0002);
    }

    [Fact]
    public async Task TableIsWrittenWhereALinkPointsReadableByItsOwnerAlone()
    {
        File.WriteAllText(_files.File("old"), new string('x', 100_000));
        File.CreateSymbolicLink(_files.File("json"), _files.File("old"));
        Assert.NotEmpty(Rows(await TasksAsync("tests/packages/tiny/1", "--after 8")));
        Assert.NotNull(new FileInfo(_files.File("json")).LinkTarget);
        Assert.False(File.Exists(_files.File("old.part")));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_files.File("old")));
    }

    [Theory]
    [InlineData("tests/packages/tiny/1", "--after 20", "0 users have enough events")]
    [InlineData("tests/packages/tiny/1", "--after 0", "--after must be a whole number, 1 to 2,147,483,647")]
    [InlineData("tests/packages/tiny/1", "--until yesterday", "--until must be a time")]
    [InlineData("tests/packages/tiny/1", "--after 5 --until 2026-11-02T00:00:00Z", "exclude each other")]
    [InlineData("tests/packages/tiny/1", "--labels events-that-are-not", "events-that-are-not")]
    [InlineData("tests/packages/tiny/1", "--attributes wrong", "line 1: not userId")]
    [InlineData("tests/packages/content/1", "--after 8", "takes content of 6 numbers: give --items")]
    [InlineData("tests/packages", "", "manifest.json")]
    public async Task WhatCannotBeAskedSaysWhy(string package, string options, string says)
    {
        File.WriteAllText(_files.File("wrong"), "{\"userId\":\"u1\",\"attributes\":3}\n");
        var (exitCode, output) = await ExecuteAsync(package, options.Replace("wrong", _files.File("wrong"), StringComparison.Ordinal));
        Assert.Equal(1, exitCode);
        Assert.Contains(says, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    public void Dispose() => _files.Dispose();

    private async Task<string> TasksAsync(string packages, string cut)
    {
        var (exitCode, output) = await ExecuteAsync(packages, $"{cut} --labels {_files.File("users")} --attributes {_files.File("users")} --json {_files.File("json")}");
        Assert.True(exitCode == 0, output);
        return _files.File("json");
    }

    private Task<(int ExitCode, string Output)> ExecuteAsync(string packages, string options) => CliProcess.RunAsync(
        ["model", "tasks", .. packages.Split(' ').Select(Repository.Path), "--data", $"events:{_files.File("events")}", .. Words(options)]);

    private async Task<string> TrainingAsync(string package, string cut)
    {
        await Tool.RunAsync(
            "/usr/bin/python3",
            [Repository.Path("src/training/tasks.py"), "--package", Repository.Path(package), "--data", $"events:{_files.File("events")}", "--labels", _files.File("users"), "--attributes", _files.File("users"), "--json", _files.File("python"), .. Words(cut)]);
        return _files.File("python");
    }

    private string[] Words(string options) =>
        options.Replace("ITEMS", _files.File("ITEMS"), StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Every second item has content of six numbers.</summary>
    internal static IEnumerable<string> Items() =>
        from category in Categories
        from number in Enumerable.Range(1, 20)
        let content = string.Join(',', Enumerable.Range(0, 6).Select(k => ((number * (k + 3)) + category.Length) % 7 - 3))
        select $$"""{"itemId":"{{category}}-{{number:000}}","categories":["{{category}}"]{{(number % 2 == 0 ? $",\"content\":[{content}]" : "")}}}""";

    private static List<(string Name, Dictionary<string, double> Figures)> Rows(string json) =>
    [
        .. JsonElement.Parse(File.ReadAllBytes(json)).EnumerateArray().Select(row => (
            $"{row.GetProperty("question").GetString()}, {row.GetProperty("measure").GetString()}",
            row.EnumerateObject().Where(c => c.Value.ValueKind == JsonValueKind.Object).ToDictionary(c => c.Name, c => c.Value.GetProperty("mean").GetDouble()))),
    ];

    /// <summary>Users who differ in what they like, in whether they buy, and in whether they come back.</summary>
    internal static IEnumerable<string> EventsOf(int user)
    {
        var draw = new Random(user);
        var (buys, likes, back) = (draw.NextDouble(), draw.Next(Categories.Length), draw.NextDouble() < 0.6);
        for (var i = 0; i < Known + 7; i++)
        {
            var category = draw.NextDouble() < 0.7 ? likes : draw.Next(Categories.Length);
            var kind = draw.NextDouble() < 0.3 ? "rating" : draw.NextDouble() < buys / 4 ? "purchase" : "view";
            var second = (i * 40) + draw.Next(40) + (i >= Known ? (back ? 2 : 1) * 86_400 : 0) + (user % 5 * 86_400 / 10);
            var item = $"{Categories[category]}-{1 + draw.Next(20):000}";
            yield return Event(second, $"u{user}", item, kind, category: Categories[category], value: kind == "rating" ? 1 + draw.Next(3) + (user % 3) : 10).Json();
        }
    }

    private static string PersonOf(int user)
    {
        var taste = Categories[new Random(user).Next(Categories.Length)];
        return string.Create(CultureInfo.InvariantCulture, $$"""{"userId":"u{{user}}","attributes":{"age":{{20 + (user * 7 % 50)}},"gender":"{{"MF"[user % 2]}}"},"taste":["{{taste}}"],"job":"{{"abcc"[user % 4]}}","left":null}""");
    }
}
