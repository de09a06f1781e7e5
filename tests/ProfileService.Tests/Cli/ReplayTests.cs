using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Cli;

[Needs(Need.Process)]
public sealed class ReplayTests : IDisposable
{
    private readonly TempDirectory _files = new();
    private readonly TestService _service = new(("Hosting:MaxIngests", "1"), ("Hosting:MaxWaitingIngests", "0"));

    private string Url => _service.Client.BaseAddress!.ToString();

    [Fact]
    public async Task FileIsSentAndItsVerdictsAreCounted()
    {
        var file = Write("events.ndjson", [.. Enumerable.Range(0, 2_500).Select(i => Event(i, $"u{i % 50}").Json()), "", "{broken", Event(1, kind: "stare").Json(), Event(0, "u0").Json()]);
        var (exitCode, output) = await CliProcess.RunAsync("replay", file, "--url", Url);
        Assert.Equal(1, exitCode); // for not all of it is done
        AssertCount(output, "accepted", "2,500");
        AssertCount(output, "duplicates", "1");
        AssertCount(output, "rejected", "2");
        Assert.Contains("line 2502: malformed_json", output, StringComparison.Ordinal);
        Assert.Contains("line 2503: unknown_kind", output, StringComparison.Ordinal);
        Assert.Equal(50, (await _service.FreshAsync("u7")).Json.GetProperty("eventCount").GetInt32());
    }

    [Fact]
    public async Task ItemsAreSentBeforeTheEvents()
    {
        var items = Write("items.ndjson", [.. Enumerable.Range(0, 1_200).Select(i => $$"""{"itemId":"i{{i}}","categories":["yoga"],"price":{{i}}}""")]);
        var file = Write("events.ndjson", [Event(1, "u1", "i7").Json()]);
        var (exitCode, output) = await CliProcess.RunAsync("replay", file, "--items", items, "--url", Url);
        Assert.Equal(0, exitCode);
        Assert.Contains("1,200 items", output, StringComparison.Ordinal);
        var item = (await _service.GetAsync("/v1/items/i7")).Json;
        Assert.Equal(("yoga", 7), (item.GetProperty("categories")[0].GetString(), item.GetProperty("price").GetDouble()));

        var wrong = Write("wrong.ndjson", ["", .. Enumerable.Range(0, 1_000).Select(i => $$"""{"itemId":"i{{i}}"}"""), """{"itemId":"i1","price":"much"}"""]);
        (exitCode, output) = await CliProcess.RunAsync("replay", file, "--items", wrong, "--url", Url);
        Assert.Equal(1, exitCode);
        Assert.Contains("1 of the items", output, StringComparison.Ordinal);
        Assert.Contains("The first, in line 1002: ", output, StringComparison.Ordinal);
        Assert.NotEqual(0, (await CliProcess.RunAsync("replay", file, "--items", _files.File("none"), "--url", Url)).ExitCode);
    }

    [Fact]
    public async Task OldEventsAreSentAsIfTheLastOneWereNow()
    {
        var file = Write("events.ndjson", [
            """{"userId":"moved","kind":"view","itemId":"i1","timestamp":"2020-01-01T00:00:00Z"}""",
            """{"userId":"moved","kind":"view","itemId":"i2","timestamp":"2020-01-01T00:00:30Z"}""",
        ]);
        var (exitCode, output) = await CliProcess.RunAsync("replay", file, "--now", "--url", Url);
        Assert.Equal(0, exitCode);
        AssertCount(output, "accepted", "2");
        var times = (await _service.GetAsync("/v1/users/moved/window")).Json.GetProperty("events").EnumerateArray()
            .Select(e => e.GetProperty("timestamp").GetDateTimeOffset()).ToList();
        Assert.Equal(TimeSpan.FromSeconds(30), times[1] - times[0]);
        Assert.True(times[0].Year > 2020);
    }

    [Fact]
    public async Task EventsThatCannotBeMovedAreRefusedByTheServiceAndCostTheOthersNothing()
    {
        var file = Write("events.ndjson", [
            """{"userId":"far","kind":"view","itemId":"i1","timestamp":"1970-01-01T00:00:00Z"}""",
            """{"userId":"far","kind":"view","itemId":"i2","timestamp":"9999-12-31T23:59:59Z"}""",
            """{"userId":"far","kind":"view","itemId":"\ud800","timestamp":"2020-01-01T00:00:00Z"}""",
            """{"userId":"far","kind":"view","itemId":"i4","timestamp":"\ud800"}""",
            """{"userId":"far","kind":"view","itemId":"i5","timestamp":"2020-01-01T00:00:00Z","\ud800":1}""",
        ]);
        var (exitCode, output) = await CliProcess.RunAsync("replay", file, "--now", "--url", Url);
        Assert.Equal(1, exitCode);
        AssertCount(output, "accepted", "1");
        Assert.Contains("line 1: timestamp_too_early", output, StringComparison.Ordinal);
        Assert.All([3, 4, 5], line => Assert.Contains($"line {line}: invalid_text", output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task FileSentAgainChangesNothing()
    {
        var file = Write("events.ndjson", [.. Enumerable.Range(0, 300).Select(i => Event(i, $"u{i % 2}").Json())]);
        await CliProcess.RunAsync("replay", file, "--url", Url);
        var before = (await _service.FreshAsync("u1")).Json.GetProperty("vector").GetRawText();
        var (_, output) = await CliProcess.RunAsync("replay", file, "--url", Url);
        AssertCount(output, "accepted", "0");
        AssertCount(output, "duplicates", "200");
        AssertCount(output, "late", "100");
        Assert.Equal(before, (await _service.FreshAsync("u1")).Json.GetProperty("vector").GetRawText());
    }

    [Fact]
    public async Task MovieLensFolderIsReadAsRatings()
    {
        Write("u.genre", ["unknown|0", "Action|1", "Comedy|2", ""]);
        Write("u.item", ["10|Film (1995)|01-Jan-1995||http://example.org|0|1|1", "11|Other (1996)|01-Jan-1996||http://example.org|1|0|0"]);
        Write("u.data", ["7\t10\t4\t881250949", "7\t11\t2\t881250950"]);
        var (exitCode, output) = await CliProcess.RunAsync("replay", "--format", "movielens-100k", _files.Path, "--url", Url);
        Assert.Equal(0, exitCode);
        AssertCount(output, "accepted", "2");
        var e = (await _service.GetAsync("/v1/users/7/window")).Json.GetProperty("events")[0];
        Assert.Equal(("rating", "10", 4.0, "1997-12-04T15:55:49Z"), (e.GetProperty("kind").GetString(), e.GetProperty("itemId").GetString(), e.GetProperty("value").GetDouble(), e.GetProperty("timestamp").GetString()));
        Assert.Equal(["Action", "Comedy"], e.GetProperty("categories").EnumerateArray().Select(c => c.GetString()));
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    public async Task RatingThatIsNoNumberIsABadLine(string stars)
    {
        Write("u.genre", ["unknown|0"]);
        Write("u.item", ["10|Film (1995)|01-Jan-1995||http://example.org|1"]);
        Write("u.data", [$"7\t10\t{stars}\t881250949"]);
        var (exitCode, output) = await CliProcess.RunAsync("replay", "--format", "movielens-100k", _files.Path, "--url", Url);
        Assert.Equal(1, exitCode);
        Assert.Contains("is not user, item, rating and Unix time", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SequencesAreSentAsViewsAndProblemsNameTheLine()
    {
        var file = Write("sequences.txt", ["u1 i3 i1 i2", "u2", $"u3 i1 {new string('x', 129)} i2"]);
        var (exitCode, output) = await CliProcess.RunAsync("replay", "--format", "sequences", file, "--url", Url);
        Assert.Equal(1, exitCode);
        AssertCount(output, "accepted", "5");
        Assert.Contains("line 3: invalid_length", output, StringComparison.Ordinal);
        var events = (await _service.GetAsync("/v1/users/u1/window")).Json.GetProperty("events").EnumerateArray().ToList();
        Assert.Equal(["i3", "i1", "i2"], events.Select(e => e.GetProperty("itemId").GetString()));
    }

    [Fact]
    public async Task ServiceThatIsBusyIsTriedAgain()
    {
        using var requests = new MetricCollector<double>(_service.Services.GetRequiredService<IMeterFactory>(), "Microsoft.AspNetCore.Hosting", "http.server.request.duration");
        var file = Write("events.ndjson", [Event(1).Json()]);
        var windows = _service.LockWindows();
        Task<Reply>[] own = [_service.PostAsync("/v1/events", Event(2).Json()), _service.PostAsync("/v1/events", Event(3).Json())];
        await Task.WhenAny(own); // one was turned away, and the other is in hand
        var replay = CliProcess.RunAsync("replay", file, "--url", Url);
        await Eventually.IsTrueAsync(() => Task.FromResult( // the command was turned away
            requests.GetMeasurementSnapshot().Count(m => m.Tags["http.response.status_code"] is 503) > own.Length));
        windows.Dispose();
        await Task.WhenAll(own);
        var (exitCode, output) = await replay;
        Assert.Equal(0, exitCode);
        AssertCount(output, "accepted", "1");
    }

    [Theory]
    [InlineData("no-such-file.ndjson")]
    [InlineData("no-such-folder", "--format", "movielens-100k")]
    [InlineData("csv", "--format", "csv")]
    [InlineData("no-such-file.ndjson", "--url", "not-an-address")]
    public async Task WhatCannotBeReadIsNamed(params string[] arguments)
    {
        var (exitCode, output) = await CliProcess.RunAsync(["replay", .. arguments]);
        Assert.NotEqual(0, exitCode);
        Assert.Contains(arguments.Contains("--url") ? "--url" : arguments[0], output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _service.Dispose();
        _files.Dispose();
    }

    private static void AssertCount(string output, string verdict, string count) => Assert.Matches($@"{verdict}\s+{count}\s", output);

    private string Write(string name, string[] lines)
    {
        File.WriteAllLines(_files.File(name), lines);
        return _files.File(name);
    }
}
