using System.Text.Json;
using System.Text.Json.Nodes;
using ProfileService.Tests.Model;

namespace ProfileService.Tests.Cli;

/// <summary>
/// What <c>profiles model tasks --forgotten</c> says of how recognisable users are is what src/training/tasks.py says of it.
/// </summary>
[Needs(Need.Process)]
public sealed class ForgottenUsersTests : IDisposable
{
    private const int Forgotten = 40;

    private readonly TempDirectory _files = new();
    private readonly PackageCopy _package = new(Repository.Path("tests/packages/parts/1"));

    public ForgottenUsersTests()
    {
        _package.EditJson("manifest.json", m => m["training"]!["heldOutUsers"] = "1/2");
        var lines = Enumerable.Range(0, ModelTasksTests.Users).SelectMany(user => ModelTasksTests.EventsOf(user).Skip(user % 9));
        File.WriteAllLines(_files.File("events"), lines);
        File.WriteAllLines(_files.File("ids"), Enumerable.Range(0, Forgotten).Select(user => $"u{user}").Append("").Append("nobody"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("--reference tests/packages/tiny/1")]
    public async Task FiguresAreThoseOfTraining(string reference)
    {
        string[] options = reference.Length == 0 ? [] : ["--reference", Repository.Path(reference.Split(' ')[1])];
        await Tool.RunAsync(
            "/usr/bin/python3",
            [Repository.Path("src/training/tasks.py"), "--package", _package.Path, "--json", _files.File("theirs"), .. Data, .. options]);
        var (exitCode, output) = await CliProcess.RunAsync(
            ["model", "tasks", _package.Path, "--json", _files.File("ours"), .. Data, .. options]);
        Assert.True(exitCode == 0, output);
        var (theirs, ours) = (Row("theirs"), Row("ours"));
        foreach (var name in (string[])["package", "forgotten", "heldOut", "onlyTheirs"])
            Assert.Equal(theirs.GetProperty(name).ToString(), ours.GetProperty(name).ToString());
        Assert.InRange(ours.GetProperty("forgotten").GetInt32(), 10, Forgotten);
        foreach (var name in (string[])["lossForgotten", "lossHeldOut"])
            Assert.Equal(theirs.GetProperty(name).GetDouble(), ours.GetProperty(name).GetDouble(), 0.0002);
        foreach (var name in (string[])["mean", "error"])
            Assert.Equal(theirs.GetProperty("auc").GetProperty(name).GetDouble(), ours.GetProperty("auc").GetProperty(name).GetDouble(), 0.0015);
        Assert.Contains("loss forgotten", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ItemsOfTheirsAloneAreCounted()
    {
        var manifest = JsonNode.Parse(File.ReadAllText(_package.PathOf("vocabulary.json")))!["items"]!.AsObject();
        var events = File.ReadAllLines(_files.File("events"));
        var met = events.Select(e => JsonNode.Parse(e)!["itemId"]!.GetValue<string>()).ToHashSet();
        var unmet = manifest.Select(i => i.Key).Where(i => !met.Contains(i)).Take(2).ToList();
        events[0] = events[0].Replace(JsonNode.Parse(events[0])!["itemId"]!.GetValue<string>(), unmet[0], StringComparison.Ordinal);
        events[1] = events[1].Replace(JsonNode.Parse(events[1])!["itemId"]!.GetValue<string>(), unmet[1], StringComparison.Ordinal);
        await RunAsync("before");
        File.WriteAllLines(_files.File("events"), events);
        await RunAsync("after");
        Assert.Equal(Row("before").GetProperty("onlyTheirs").GetInt32() + 2, Row("after").GetProperty("onlyTheirs").GetInt32());
    }

    [Theory]
    [InlineData("tests/packages/parts/1", "--forgotten ids", "held out no users to compare with")]
    [InlineData("models/starter/3", "--forgotten ids", "no users to compare with")]
    [InlineData("", "--forgotten ids --reference tests/packages/content/1", "takes content of 6 numbers: give --items")]
    [InlineData("", "--forgotten none", "0 forgotten users and")]
    [InlineData("", "--forgotten not-there", "not-there")]
    [InlineData("", "--reference ids", "--reference needs --forgotten")]
    public async Task WhatCannotBeMeasuredSaysWhy(string package, string options, string says)
    {
        File.WriteAllText(_files.File("none"), "nobody\n");
        var words = options.Split(' ');
        words[1] = _files.File(words[1]);
        words[^1] = words.Length > 2 ? Repository.Path(words[^1]) : words[^1];
        var (exitCode, output) = await CliProcess.RunAsync(
            ["model", "tasks", package.Length > 0 ? Repository.Path(package) : _package.Path, "--data", $"events:{_files.File("events")}", .. words]);
        Assert.Equal(1, exitCode);
        Assert.Contains(says, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _files.Dispose();
        _package.Dispose();
    }

    private string[] Data => ["--data", $"events:{_files.File("events")}", "--forgotten", _files.File("ids")];

    private async Task RunAsync(string json)
    {
        var (exitCode, output) = await CliProcess.RunAsync(["model", "tasks", _package.Path, "--json", _files.File(json), .. Data]);
        Assert.True(exitCode == 0, output);
    }

    private JsonElement Row(string json) => Assert.Single(JsonElement.Parse(File.ReadAllBytes(_files.File(json))).EnumerateArray());
}
