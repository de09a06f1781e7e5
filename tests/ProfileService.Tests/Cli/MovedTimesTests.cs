using ProfileService.Cli.CommandLine;
using ProfileService.Cli.Data;
using ProfileService.Cli.Replay;

namespace ProfileService.Tests.Cli;

public sealed class MovedTimesTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly TempDirectory _files = new();

    [Fact]
    public void LastEventIsNowAndTheOthersAreAsFarBeforeItAsTheyWere() => Assert.Equal(
        [
            """{"userId":"u1","timestamp":"2030-01-02T03:04:05Z","value":59.90}""",
            """{"userId":"u2","timestamp":"2030-01-01T03:04:05Z"}""",
            """{"timestamp":"2030-01-02T03:04:04.75Z"}""",
        ],
        Moved(
            """{"userId":"u1","timestamp":"2020-05-02T12:00:00+02:00","value":59.90}""",
            """{"userId":"u2","timestamp":"2020-05-01T10:00:00Z"}""",
            """{"timestamp":1588413599750}"""));

    [Theory]
    [InlineData("{broken")]
    [InlineData("""{"userId":"u1"}""")]
    [InlineData("""{"timestamp":"soon"}""")]
    [InlineData("""{"timestamp":{"a":1}}""")]
    [InlineData("""{"timestamp":1,"timestamp":2}""")]
    [InlineData("7")]
    public void WhatIsNoEventWithATimeStaysAsItIs(string line)
    {
        Assert.Equal([line], Moved(line));
        Assert.Equal(line, Moved(line, """{"timestamp":"2020-05-01T10:00:00Z"}""")[0]);
    }

    [Fact]
    public void LinesKeepTheirNumbers()
    {
        File.WriteAllLines(_files.File("events.ndjson"), ["", """{"timestamp":"2020-05-01T10:00:00Z"}"""]);
        Assert.Equal([2L], Open().Lines.Select(line => line.Number));
    }

    [Fact]
    public void WhatCanBeReadOnlyOnceIsRefused() => Assert.Contains(
        "can be read only once",
        Assert.Throws<CommandException>(() => MovedTimes.ToNow(() => new("a pipe", [], Length: null, () => 0), Now)).Message,
        StringComparison.Ordinal);

    public void Dispose() => _files.Dispose();

    private IReadOnlyList<string> Moved(params string[] lines)
    {
        File.WriteAllLines(_files.File("events.ndjson"), lines);
        return [.. Open().Lines.Select(line => line.Json)];
    }

    private EventFile Open() => MovedTimes.ToNow(() => EventFile.Open(EventFile.Ndjson, _files.File("events.ndjson")), Now);
}
