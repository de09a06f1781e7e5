using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ProfileService.Tests.Cli;

/// <summary>
/// What the command measures at one moment is what a service served then: the events up to the moment are posted, every user is asked for
/// recommendations, and the figures are computed from the answers.
/// </summary>
[Needs(Need.Process)]
public sealed class ClockEvaluationTests
{
    private const string Moment = "2026-11-07T07:15:45Z"; // a fifth of the demo shop's events come after it

    private static readonly List<(string User, string Item, DateTimeOffset At, string Line)> Events =
        [.. File.ReadLines(Repository.Path("demo/events.ndjson")).Select(line => (Json: JsonElement.Parse(line), line)).Select(e => (
            e.Json.GetProperty("userId").GetString()!, e.Json.GetProperty("itemId").GetString()!, e.Json.GetProperty("timestamp").GetDateTimeOffset(), e.line))];

    private static DateTimeOffset At => DateTimeOffset.Parse(Moment, CultureInfo.InvariantCulture);

    [Theory]
    [InlineData(100, 90)]
    [InlineData(10, 3)]
    public async Task FiguresAreThoseOfWhatAServiceServedAtThatMoment(int maxEvents, int maxAge)
    {
        var (exitCode, output) = await CliProcess.RunAsync(
            "model", "evaluate", Repository.TinyPackage, "--data", $"events:{Repository.Path("demo/events.ndjson")}", "--attributes", Repository.Path("demo/users.ndjson"),
            "--sentiment", Repository.Path("models/sentiment/5"), "--clock", Moment, "--max-events", $"{maxEvents}", "--max-age", $"{maxAge}");
        Assert.Equal(0, exitCode);
        var figures = JsonElement.Parse(output.TrimEnd('\n').Split('\n')[^1]);
        var ranks = await ServedRanksAsync(("Windows:MaxEvents", $"{maxEvents}"), ("Windows:MaxAge", $"{maxAge}.00:00:00"));

        Assert.Equal("clock", figures.GetProperty("part").GetString());
        Assert.True(ranks.Count > 50, $"{ranks.Count} users");
        Assert.Equal(ranks.Count, figures.GetProperty("users").GetInt32());
        Assert.Equal(Math.Round(ranks.Average(rank => rank < 0 ? 0.0 : 1.0), 6), figures.GetProperty("hr@10").GetDouble());
        Assert.Equal(Math.Round(ranks.Average(rank => rank < 0 ? 0.0 : 1 / Math.Log2(rank + 2)), 6), figures.GetProperty("ndcg@10").GetDouble());
    }

    [Theory]
    [InlineData("2026-11-07", "2026-11-07T00:00:00Z")]
    [InlineData("2026-11-07T02:00+02:00", "2026-11-07T00:00:00Z")]
    public async Task MomentIsATimeInAnyFormThatEventsMayHave(string moment, string same) => Assert.Equal(await EvaluateAsync(moment), await EvaluateAsync(same));

    [Theory]
    [InlineData("soon", "must be a time")]
    [InlineData("2020-01-01", "an event up to the moment")]
    [InlineData("2036-01-01", "another item after it")]
    public async Task MomentThatSplitsNothingSaysSo(string moment, string says)
    {
        var (exitCode, output) = await RunAsync("--clock", moment);
        Assert.Equal(1, exitCode);
        Assert.Contains(says, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MomentAndPartExcludeEachOther()
    {
        var (exitCode, output) = await RunAsync("--clock", Moment, "--part", "valid");
        Assert.Equal(1, exitCode);
        Assert.Contains("--part", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MaskOfWholeHistoriesIsRefusedBesideAMoment()
    {
        var (exitCode, output) = await RunAsync("--clock", Moment, "--mask", "history");
        Assert.Equal(1, exitCode);
        Assert.Contains("leave out --mask", output, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("--clock", Moment, "--mask", "window")).ExitCode);
    }

    /// <summary>The place of each user's target among its ten recommendations, from 0; -1 where it is not among them.</summary>
    private static async Task<List<int>> ServedRanksAsync(params (string Key, string Value)[] settings)
    {
        using var service = new TestService(settings);
        foreach (var users in File.ReadLines(Repository.Path("demo/users.ndjson")).Chunk(500))
            Assert.Equal(200, (await service.PostAsync("/v1/attributes", $"[{string.Join(',', users.Select(OnlyAttributes))}]")).Status);
        var until = Events.Where(e => e.At <= At).ToList();
        Assert.Equal(202, (await service.PostAsync("/v1/events", string.Join('\n', until.Select(e => e.Line)), "application/x-ndjson")).Status);
        await service.Client.NobodyIsDueAsync();
        List<int> ranks = [];
        foreach (var user in Events.GroupBy(e => e.User).Where(u => u.Any(e => e.At <= At)))
        {
            var window = (await service.GetAsync($"/v1/users/{user.Key}/window")).Json.GetProperty("events").EnumerateArray().Select(Item).ToHashSet();
            if (user.Where(e => e.At > At).OrderBy(e => e.At).FirstOrDefault(e => !window.Contains(e.Item)) is not { Item: { } target })
                continue;
            var served = (await service.GetAsync($"/v1/users/{user.Key}/recommendations?count=10")).Json.GetProperty("items").EnumerateArray().Select(Item);
            ranks.Add(served.ToList().IndexOf(target));
        }

        return ranks;
    }

    private static string Item(JsonElement e) => e.GetProperty("itemId").GetString()!;

    private static string OnlyAttributes(string line)
    {
        var user = JsonNode.Parse(line)!;
        return new JsonObject { ["userId"] = user["userId"]!.DeepClone(), ["attributes"] = user["attributes"]!.DeepClone() }.ToJsonString();
    }

    private static async Task<string> EvaluateAsync(string moment)
    {
        var (exitCode, output) = await RunAsync("--clock", moment);
        Assert.Equal(0, exitCode);
        return output.TrimEnd('\n').Split('\n')[^1];
    }

    private static Task<(int ExitCode, string Output)> RunAsync(params string[] options) =>
        CliProcess.RunAsync(["model", "evaluate", Repository.TinyPackage, "--data", $"events:{Repository.Path("demo/events.ndjson")}", .. options]);
}
