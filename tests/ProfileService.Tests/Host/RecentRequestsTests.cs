using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using ProfileService.Host;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Host;

/// <summary>What the status tells of the requests of the last minutes.</summary>
public sealed class RecentRequestsTests
{
    private static readonly string[] Uncounted =
        ["/", "/console/icon.svg", "/health/live", "/health/ready", "/swagger/v1/swagger.json", "/no-such-route", "/v1/no-such"];

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task StatusCountsTheRequestsToTheApiByTheTagOfTheirRoute()
    {
        using var service = new TestService();
        await service.AcceptAsync(Event(1));
        Assert.Equal(400, (int)(await service.PostAsync("/v1/events", "no JSON")).Status);
        Assert.Equal(404, (int)(await service.GetAsync("/v1/users/nobody/profile")).Status);
        foreach (var path in Uncounted)
            await service.GetAsync(path);
        var refused = await service.GetAsync("/v1/items", ("Host", "elsewhere.example")); // before it has a route
        Assert.NotEqual(200, (int)refused.Status);

        JsonElement requests = default;
        await Eventually.IsTrueAsync(async () =>
        {
            requests = await RequestsAsync(service);
            var ofOthers = requests.GetProperty("tags").EnumerateArray().Where(tag => !tag.GetProperty("tag").ValueEquals("Service"));
            return ofOthers.Sum(tag => Counts(tag).Requests) >= 3 && requests.GetProperty("tags").GetArrayLength() >= 3;
        });
        var tags = requests.GetProperty("tags").EnumerateArray().ToDictionary(tag => tag.GetProperty("tag").GetString()!);
        Assert.Equal(["Events", "Profiles", "Service"], tags.Keys); // the last are those for the status
        Assert.Equal((2, 1, 0), Counts(tags["Events"]));
        Assert.Equal((1, 1, 0), Counts(tags["Profiles"]));
        Assert.Equal(tags.Values.Sum(tag => Counts(tag).Requests), Counts(requests.GetProperty("total")).Requests);
        Assert.All(tags.Values, tag => Assert.InRange(
            tag.GetProperty("p99Milliseconds").GetDouble(), tag.GetProperty("p50Milliseconds").GetDouble(), double.MaxValue));
    }

    [Fact]
    public async Task ServicesInOneProcessCountTheirOwnRequests()
    {
        using var one = new TestService();
        using var other = new TestService();
        await one.AcceptAsync(Event(1));
        await Eventually.IsTrueAsync(async () => (await RequestsAsync(one)).GetProperty("tags").EnumerateArray().Any(IsOfEvents));
        Assert.DoesNotContain((await RequestsAsync(other)).GetProperty("tags").EnumerateArray(), IsOfEvents);
    }

    [Fact]
    public async Task StreamThatLastsAsItsReaderWantsHasNoDuration()
    {
        using var service = new TestService();
        await service.GetAsync("/v1/exports/training");
        JsonElement privacy = default;
        await Eventually.IsTrueAsync(async () =>
        {
            privacy = (await RequestsAsync(service)).GetProperty("tags").EnumerateArray().FirstOrDefault();
            return privacy.ValueKind == JsonValueKind.Object && privacy.GetProperty("tag").ValueEquals("Privacy");
        });
        Assert.Equal((1, 0, 0), Counts(privacy));
        Assert.False(privacy.TryGetProperty("p50Milliseconds", out _));
    }

    [Fact]
    public void ErrorsOfClientAndServerAreCountedApartAndLatenciesWithinThreePercent()
    {
        var requests = new RecentRequests(_time);
        _time.Advance(TimeSpan.FromSeconds(10));
        for (var i = 1; i <= 1_000; i++)
            requests.Record("Events", i <= 20 ? 429 : i <= 25 ? 503 : 202, TimeSpan.FromMilliseconds(i));
        var total = requests.Read().Total;
        Assert.Equal((1_000, 100), (total.Requests, total.RequestsPerSecond));
        Assert.Equal((20, 5), (total.ClientErrors, total.ServerErrors));
        Assert.InRange(total.P50Milliseconds!.Value, 485, 515);
        Assert.InRange(total.P99Milliseconds!.Value, 960, 1_020);
    }

    [Fact]
    public void MinutesThatAreOverAreForgotten()
    {
        var requests = new RecentRequests(_time);
        for (var minute = 0; minute < 12; minute++)
        {
            requests.Record("Events", 202, TimeSpan.FromMilliseconds(minute));
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal((240, 4), (requests.Read().Seconds, requests.Read().Total.Requests)); // the current minute has none yet
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal((299, 4), (requests.Read().Seconds, requests.Read().Total.Requests));
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(new HttpRequestSummary(null, 0, 0, 0, 0, null, null), requests.Read().Total);
        Assert.Empty(requests.Read().Tags);
    }

    [Fact]
    public void RequestsOfManyThreadsAreAllCounted()
    {
        var requests = new RecentRequests(_time);
        Parallel.For(0, 10_000, i => requests.Record(i % 2 == 0 ? "Events" : "Profiles", 200 + (i % 2 * 300), TimeSpan.FromTicks(i)));
        var (total, tags) = (requests.Read().Total, requests.Read().Tags);
        Assert.Equal((10_000, 5_000), (total.Requests, total.ServerErrors));
        Assert.Equal([("Events", 5_000), ("Profiles", 5_000)], tags.Select(tag => (tag.Tag!, tag.Requests)));
    }

    private static async Task<JsonElement> RequestsAsync(TestService service) =>
        (await service.GetAsync("/v1/status")).Json.GetProperty("httpRequests");

    private static bool IsOfEvents(JsonElement tag) => tag.GetProperty("tag").ValueEquals("Events");

    private static (long Requests, long ClientErrors, long ServerErrors) Counts(JsonElement requests) =>
        (Count(requests, "requests"), Count(requests, "clientErrors"), Count(requests, "serverErrors"));

    private static long Count(JsonElement requests, string name) => requests.GetProperty(name).GetInt64();
}
