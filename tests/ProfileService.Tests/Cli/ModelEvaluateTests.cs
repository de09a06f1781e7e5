using System.Text.Json;

namespace ProfileService.Tests.Cli;

/// <summary>What training measured, what the command measures, and what the service serves are the same.</summary>
[Needs(Need.Process)]
public sealed class ModelEvaluateTests : IDisposable
{
    private readonly TempDirectory _files = new();

    private static string Demo => $"events:{Repository.Path("demo/events.ndjson")}";

    private static string DemoUsers => Repository.Path("demo/users.ndjson");

    [Theory]
    [InlineData("test")]
    [InlineData("valid")]
    public async Task FiguresAreThoseThatTrainingWroteIntoTheManifest(string part)
    {
        var manifest = JsonElement.Parse(File.ReadAllBytes(Path.Combine(Repository.TinyPackage, "manifest.json"))).GetProperty("metrics").GetProperty(part);
        var figures = Figures(await EvaluateAsync("--part", part, "--attributes", DemoUsers));
        Assert.Equal(part, figures.GetProperty("part").GetString());
        Assert.Equal(manifest.GetProperty("hr@10").GetDouble(), figures.GetProperty("hr@10").GetDouble(), 4);
        Assert.Equal(manifest.GetProperty("ndcg@10").GetDouble(), figures.GetProperty("ndcg@10").GetDouble(), 4);
        Assert.Equal(manifest.GetProperty("users").GetInt32(), figures.GetProperty("users").GetInt32());
    }

    [Fact]
    public async Task AttributesAreUsedWhereTheyAreGiven()
    {
        await EvaluateAsync("--top-ten", _files.File("without"));
        await EvaluateAsync("--attributes", DemoUsers, "--top-ten", _files.File("with"));
        var (without, with) = (File.ReadAllLines(_files.File("without")), File.ReadAllLines(_files.File("with")));
        Assert.Equal(without.Length, with.Length);
        Assert.NotEqual(without, with);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_files.File("with")));
    }

    [Fact]
    public async Task TopTenAreThoseThatTheServiceRecommends()
    {
        await EvaluateAsync("--part", "valid", "--mask", "window", "--sentiment", Repository.Path("models/sentiment/5"), "--top-ten", _files.File("top"));
        var expected = File.ReadLines(_files.File("top")).Select(l => JsonElement.Parse(l)).ToDictionary(
            l => l.GetProperty("userId").GetString()!, l => l.GetProperty("items").EnumerateArray().Select(i => i.GetString()!).ToArray());
        Assert.True(expected.Count >= 70);

        var contexts = File.ReadLines(Repository.Path("demo/events.ndjson")).Select(l => (Line: l, Json: JsonElement.Parse(l)))
            .GroupBy(e => e.Json.GetProperty("userId").GetString()!).Where(user => expected.ContainsKey(user.Key))
            .SelectMany(user => user.OrderBy(e => e.Json.GetProperty("timestamp").GetDateTime()).SkipLast(2));
        using var service = await ServingAsync([.. contexts.Select(e => e.Line)]);
        foreach (var (user, items) in expected)
            Assert.Equal(items, await TopTenAsync(service, user));
    }

    [Fact]
    public async Task ContentThatThePackageDoesNotTakeIsIgnored()
    {
        File.WriteAllLines(_files.File("items"), ["""{"itemId":"yoga-001","content":[1,2]}""", """{"itemId":"yoga-002"}"""]);
        var output = await EvaluateAsync("--items", _files.File("items"));
        Assert.Contains("takes no content: that of --items is ignored", output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Equal(Figures(await EvaluateAsync()).GetRawText(), Figures(output).GetRawText());
    }

    [Fact]
    public async Task SequencesAreEvaluatedToo()
    {
        File.WriteAllLines(_files.File("sequences"), ["u1 makeup-030 makeup-034 makeup-002 cookware-016", "u2 makeup-030 makeup-034 makeup-030"]);
        var (exitCode, output) = await CliProcess.RunAsync("model", "evaluate", Repository.TinyPackage, "--data", $"sequences:{_files.File("sequences")}");
        Assert.Equal(0, exitCode);
        Assert.Equal(1, Figures(output).GetProperty("users").GetInt32());
    }

    [Theory]
    [InlineData("models/starter/3", "events:demo/events.ndjson", "make_package.py")] // hashed items
    [InlineData("tests/packages/content/1", "events:demo/events.ndjson", "takes content of 6 numbers: give --items")]
    [InlineData("tests/packages/tiny/1", "csv:demo/events.ndjson", "prepare.py")]
    [InlineData("tests/packages/tiny/1", "events:no-such-file", "no-such-file")]
    [InlineData("tests/packages/tiny/1", "sequences:/dev/null", "No user can be evaluated")]
    [InlineData("tests/packages/tiny/1", "sequences:demo/users.ndjson", "is JSON and no sequences")]
    [InlineData("tests/packages/tiny/1", "events:demo/users.ndjson", "line 1: missing_field")]
    [InlineData("tests/packages/tiny/1", "events", "FORMAT:PATH")]
    [InlineData("demo", "events:demo/events.ndjson", "manifest.json")]
    public async Task WhatCannotBeEvaluatedSaysWhatToDo(string package, string data, string says)
    {
        var (exitCode, output) = await CliProcess.RunAsync("model", "evaluate", Repository.Path(package), "--data", data.Replace(":demo", $":{Repository.Path("demo")}", StringComparison.Ordinal));
        Assert.Equal(1, exitCode);
        Assert.Contains(says, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    public void Dispose() => _files.Dispose();

    private static async Task<string> EvaluateAsync(params string[] options)
    {
        var (exitCode, output) = await CliProcess.RunAsync(["model", "evaluate", Repository.TinyPackage, "--data", Demo, .. options]);
        Assert.Equal(0, exitCode);
        return output;
    }

    private static JsonElement Figures(string output) => JsonElement.Parse(output.Split('\n').Last(line => line.StartsWith('{')));

    /// <summary>A service that has taken in the events.</summary>
    private static async Task<TestService> ServingAsync(string[] events)
    {
        var service = new TestService();
        var posted = await service.PostAsync("/v1/events", string.Join('\n', events), "application/x-ndjson");
        Assert.Equal(events.Length, posted.Json.GetProperty("accepted").GetInt32() + posted.Json.GetProperty("late").GetInt32());
        await service.Client.NobodyIsDueAsync();
        return service;
    }

    private static async Task<IEnumerable<string>> TopTenAsync(TestService service, string user) =>
        (await service.GetAsync($"/v1/users/{user}/recommendations?count=10")).Json.GetProperty("items").EnumerateArray()
            .Select(i => i.GetProperty("itemId").GetString()!);
}
