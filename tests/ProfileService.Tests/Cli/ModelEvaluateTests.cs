using System.Runtime.InteropServices;
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
    }

    [Fact]
    public async Task TopTenAreThoseOfTheServedVectors()
    {
        await EvaluateAsync("--part", "valid", "--top-ten", _files.File("top"));
        var expected = File.ReadLines(_files.File("top")).Select(l => JsonElement.Parse(l)).ToDictionary(
            l => l.GetProperty("userId").GetString()!, l => l.GetProperty("items").EnumerateArray().Select(i => i.GetString()!).ToArray());
        Assert.True(expected.Count >= 70);

        var contexts = File.ReadLines(Repository.Path("demo/events.ndjson")).Select(l => (Line: l, Json: JsonElement.Parse(l)))
            .GroupBy(e => e.Json.GetProperty("userId").GetString()!).Where(user => expected.ContainsKey(user.Key))
            .ToDictionary(user => user.Key, user => user.OrderBy(e => e.Json.GetProperty("timestamp").GetDateTime()).SkipLast(2).ToList());
        var served = await ServedAsync([.. contexts.SelectMany(c => c.Value).Select(e => e.Line)], [.. contexts.Keys]);
        Assert.All(contexts, c => Assert.Equal(expected[c.Key], TopTen(served[c.Key], [.. c.Value.Select(e => e.Json.GetProperty("itemId").GetString()!)])));
    }

    [Fact]
    public async Task SequencesAreEvaluatedToo()
    {
        File.WriteAllLines(_files.File("sequences"), ["u1 makeup-030 makeup-034 makeup-002 cookware-016", "u2 makeup-030 makeup-034 makeup-030", "u3"]);
        var (exitCode, output) = await CliProcess.RunAsync("model", "evaluate", Repository.TinyPackage, "--data", $"sequences:{_files.File("sequences")}");
        Assert.Equal(0, exitCode);
        Assert.Equal(1, Figures(output).GetProperty("users").GetInt32());
    }

    [Theory]
    [InlineData("models/starter/2", "events:demo/events.ndjson", "make_package.py")] // hashed items
    [InlineData("tests/packages/tiny/1", "csv:demo/events.ndjson", "prepare.py")]
    [InlineData("tests/packages/tiny/1", "events:no-such-file", "no-such-file")]
    [InlineData("tests/packages/tiny/1", "sequences:demo/users.ndjson", "No user can be evaluated")]
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

    private static JsonElement Figures(string output) => JsonElement.Parse(output.TrimEnd('\n').Split('\n')[^1]);

    /// <summary>The vectors that a running service makes of the events.</summary>
    private static async Task<Dictionary<string, float[]>> ServedAsync(string[] events, string[] users)
    {
        using var service = new TestService();
        var posted = await service.PostAsync("/v1/events", string.Join('\n', events), "application/x-ndjson");
        Assert.Equal(events.Length, posted.Json.GetProperty("accepted").GetInt32());
        await Eventually.IsTrueAsync(async () => (await service.GetAsync("/v1/status")).Json.GetProperty("due").GetInt64() == 0);
        var reply = await service.PostAsync("/v1/profiles/lookup", JsonSerializer.Serialize(new { userIds = users }), headers: ("Accept", "application/octet-stream"));
        return users.Zip(reply.Floats.Chunk(16)).ToDictionary(u => u.First, u => u.Second);
    }

    private static string[] TopTen(float[] profile, HashSet<string> known)
    {
        var vectors = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(Repository.TinyPackage, "items.f32"))).ToArray().Chunk(profile.Length).ToArray();
        var items = JsonElement.Parse(File.ReadAllBytes(Path.Combine(Repository.TinyPackage, "vocabulary.json"))).GetProperty("items");
        return [.. items.EnumerateObject().Where(i => !known.Contains(i.Name)).OrderByDescending(i => vectors[i.Value.GetInt32()].Zip(profile).Sum(x => x.First * x.Second)).Take(10).Select(i => i.Name)];
    }
}
