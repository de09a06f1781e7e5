using System.Buffers;
using System.Text;
using System.Text.Json;
using ProfileService.Intake;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Intake;

/// <summary>The cases are <c>tests/times.tsv</c>, which the tests of training read, too.</summary>
[Needs(Need.Process)]
public sealed class TimestampTests(TestService service) : IClassFixture<TestService>
{
    private const string Refused = "refused";

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var line in File.ReadLines(Repository.Path("tests/times.tsv")).Where(line => !line.StartsWith('#')))
                cases.Add(line.Split('\t')[0], line.Split('\t')[1]);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void EveryCaseIsReadAsTheTableSays(string json, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        Assert.Equal(expected, Read(new ReadOnlySequence<byte>(bytes)));
        for (var at = 1; at < bytes.Length; at++) // as it comes where a buffer ends in it
            Assert.Equal(expected, Read(Segments.Of(bytes[..at], bytes[at..])));
    }

    [Fact]
    public async Task WhatIsReadIsWhatTheWindowShows()
    {
        var past = Cases.Select(c => c.Data).Where(c => c.Item2 != Refused && long.Parse(c.Item2, null) < EventMicroseconds).ToList();
        var user = $"user-{Guid.NewGuid():N}";
        foreach (var ((json, expected), i) in past.Select((c, i) => (c, i)))
        {
            var reply = await service.PostAsync("/v1/events", $$"""{"userId":"{{user}}-{{i}}","kind":"view","itemId":"i","timestamp":{{json}}}""");
            Assert.True(reply.Status == 202, $"{json}: {Encoding.UTF8.GetString(reply.Body)}");
            var shown = (await service.GetAsync($"/v1/users/{user}-{i}/window")).Json.GetProperty("events")[0].GetProperty("timestamp").GetDateTimeOffset();
            Assert.Equal(long.Parse(expected, null), (shown - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        }

        Assert.NotEmpty(past);
    }

    [Theory]
    [InlineData("America/Los_Angeles")]
    [InlineData("Pacific/Kiritimati")]
    public async Task TimeZoneOfTheMachinePlaysNoPart(string zone)
    {
        using var data = new TempDirectory();
        using var other = await ServiceProcess.StartAsync(data, [("TZ", zone)]);
        foreach (var (time, shown) in new[] { ("1970-01-01", "1970-01-01T00:00:00Z"), ("2026-10-25T02:30", "2026-10-25T02:30:00Z"), ("20260329T023000+01", "2026-03-29T01:30:00Z") })
        {
            Assert.Equal(202, (int)(await other.PostEventsAsync($$"""{"userId":"{{time}}","kind":"view","itemId":"i","timestamp":"{{time}}"}""")).StatusCode);
            Assert.Contains($"\"timestamp\":\"{shown}\"", await other.GetAsync($"/v1/users/{Uri.EscapeDataString(time)}/window"), StringComparison.Ordinal);
        }

        using var early = await other.PostEventsAsync("""{"userId":"u","kind":"view","itemId":"i","timestamp":"0001-01-01T00:00:00"}""");
        Assert.Equal(400, (int)early.StatusCode);
    }

    [Fact]
    public async Task RefusalSaysWhatWouldBeRight()
    {
        Assert.Contains("RFC 3339", await DetailOfAsync("\"10:00\""), StringComparison.Ordinal);
        Assert.Contains("Multiply it by 1,000", await DetailOfAsync("1700000000"), StringComparison.Ordinal);
        Assert.Contains("1970", await DetailOfAsync("\"0001-01-01T00:00:00+01:00\""), StringComparison.Ordinal);
        Assert.Contains("Events:MaxFuture", await DetailOfAsync("\"9999-12-31\""), StringComparison.Ordinal);

        async Task<string> DetailOfAsync(string json)
        {
            var reply = await service.PostAsync("/v1/events", $$"""{"userId":"u","kind":"view","itemId":"i","timestamp":{{json}}}""");
            return reply.Problem(400).GetProperty("detail").GetString()!;
        }
    }

    private static long EventMicroseconds => Event().Timestamp;

    private static string Read(ReadOnlySequence<byte> text)
    {
        var json = JsonText.Reader(text);
        json.Read();
        return json.TokenType is not (JsonTokenType.String or JsonTokenType.Number) || TimestampReader.Read(ref json, out var microseconds) is not null
            ? Refused
            : $"{microseconds}";
    }
}
