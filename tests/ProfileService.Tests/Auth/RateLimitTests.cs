using System.Diagnostics;
using ProfileService.Auth;
using ProfileService.Platform;
using static ProfileService.TestServers.Common.TestEvents;
using static ProfileService.Tests.Auth.KeyedService;

namespace ProfileService.Tests.Auth;

/// <summary>What a caller may ask for a second.</summary>
[Needs(Need.Server)]
public sealed class RateLimitTests(TestServers servers)
{
    private const int Rate = 5;

    [Fact]
    public async Task CallerBeyondItsRequestsIsToldWhenToComeAgainAndOthersAreNot()
    {
        using var keyed = new KeyedService();
        var (limited, free) = (await keyed.KeyAsync(new NewKey("limited", Scopes.All, null, Requests: Rate)), await keyed.KeyAsync());
        var clock = Stopwatch.StartNew();
        var (refused, passed) = await RateFlood.UntilRefusedAsync(() => keyed.Service.GetAsync("/v1/status", Bearer(limited)));
        Assert.InRange(passed.Count, Rate, Rate * (2 + clock.Elapsed.TotalSeconds)); // a burst, and what each second adds
        Assert.Equal("rate_limited", refused.Problem(429).GetProperty("code").GetString());
        Assert.Equal("1", refused.Headers["Retry-After"]);
        Assert.Equal(200, (await keyed.Service.GetAsync("/v1/status", Bearer(free))).Status);
        await Eventually.IsTrueAsync(async () => (await keyed.Service.GetAsync("/v1/status", Bearer(limited))).Status == 200);
    }

    [Fact]
    public async Task ProcessesThatShareRedisShareTheLimits()
    {
        var redis = await servers.RedisAsync();
        var postgres = await (await servers.PostgresAsync()).CreateDatabaseAsync();
        (string, string)[] settings = [("ConnectionStrings:Redis", redis.ConnectionString(redis.TakeDatabase())), ("ConnectionStrings:Postgres", postgres)];
        using var one = new KeyedService(settings);
        var key = await one.KeyAsync(new NewKey("limited", Scopes.All, null, Requests: Rate));
        using var other = new KeyedService(settings);
        var clock = Stopwatch.StartNew();
        var (passed, refused) = (0, 0);
        for (var i = 0; i < 20 * Rate; i++)
        {
            var reply = await (i % 2 == 0 ? one : other).Service.GetAsync("/v1/status", Bearer(key));
            (passed, refused) = reply.Status == 200 ? (passed + 1, refused) : (passed, refused + 1);
        }

        Assert.InRange(passed, Rate, Rate * (2 + clock.Elapsed.TotalSeconds));
        Assert.True(refused > 0 || clock.Elapsed.TotalSeconds > 18, $"{passed} passed in {clock.Elapsed}");
    }

    [Fact]
    public async Task EachUserOfALargeLookupCounts()
    {
        using var keyed = new KeyedService(("Lookup:MaxUsers", "3000"));
        var key = await keyed.KeyAsync(new NewKey("limited", Scopes.All, null, Users: 1));
        Assert.Equal(200, await LookUpAsync(2_000));
        Assert.Equal(200, await LookUpAsync(1_000));
        Assert.Equal(429, await LookUpAsync(1_000));

        async Task<int> LookUpAsync(int users)
        {
            var body = $$"""{"userIds":[{{string.Join(',', Enumerable.Range(0, users).Select(i => $"\"u{i}\""))}}]}""";
            return (await keyed.Service.PostAsync("/v1/profiles/lookup", body, "application/json", Bearer(key))).Status;
        }
    }

    [Fact]
    public async Task ArrayOfTooManyEventsIsRefusedWholeAndAStreamWaits()
    {
        using var keyed = new KeyedService();
        var key = await keyed.KeyAsync(new NewKey("limited", Scopes.All, null, Events: 900));
        var (first, second) = (Enumerable.Range(0, 1_000).Select(i => Event(i, "a").Json()), Enumerable.Range(0, 1_000).Select(i => Event(i, "b").Json()));
        Assert.Equal(202, (await keyed.Service.PostAsync("/v1/events", $"[{string.Join(',', first)}]", "application/json", Bearer(key))).Status);
        var stream = keyed.Service.PostAsync("/v1/events", string.Join('\n', second), "application/x-ndjson", Bearer(key));
        Assert.Equal(1_000, (await stream).Json.GetProperty("accepted").GetInt32() + (await stream).Json.GetProperty("late").GetInt32());
        var third = $"[{string.Join(',', Enumerable.Range(0, 1_000).Select(i => Event(i, "c").Json()))}]";
        var (refused, _) = await RateFlood.UntilRefusedAsync(() => keyed.Service.PostAsync("/v1/events", third, "application/json", Bearer(key)));
        Assert.Equal("rate_limited", refused.Problem(429).GetProperty("code").GetString());
    }

    [Fact]
    public async Task UsersOfALookupAreCounted()
    {
        using var keyed = new KeyedService();
        var key = await keyed.KeyAsync(new NewKey("limited", Scopes.All, null, Users: 1));
        var body = $$"""{"userIds":[{{string.Join(',', Enumerable.Range(0, 1_000).Select(i => $"\"u{i}\""))}}]}""";
        Assert.Equal(200, (await keyed.Service.PostAsync("/v1/profiles/lookup", body, "application/json", Bearer(key))).Status); // a burst of a whole lookup
        Assert.Equal("rate_limited", (await keyed.Service.PostAsync("/v1/profiles/lookup", body, "application/json", Bearer(key))).Problem(429).GetProperty("code").GetString());
        var ranking = body.Insert(1, "\"itemIds\":[\"i1\"],");
        Assert.Equal("rate_limited", (await keyed.Service.PostAsync("/v1/rank", ranking, "application/json", Bearer(key))).Problem(429).GetProperty("code").GetString());
        Assert.Equal(200, (await keyed.Service.GetAsync("/v1/status", Bearer(key))).Status); // no user is looked up there
    }

    [Theory]
    [InlineData("recommendations", """{"count":1}""")]
    [InlineData("rank", """{"itemIds":["i1"]}""")]
    public async Task UserOfARequestByPostIsCounted(string what, string body)
    {
        using var keyed = new KeyedService();
        var key = await keyed.KeyAsync(new NewKey("limited", Scopes.All, null, Users: 1));
        var burst = $$"""{"userIds":[{{string.Join(',', Enumerable.Range(0, 1_000).Select(i => $"\"u{i}\""))}}]}""";
        Assert.Equal("rate_limited", (await RefusedAsync()).Problem(429).GetProperty("code").GetString());

        // Each second adds a user, which this request may get; the next burst leaves none again.
        async Task<Reply> RefusedAsync()
        {
            Reply? last = null;
            await Eventually.IsTrueAsync(async () =>
            {
                await keyed.Service.PostAsync("/v1/profiles/lookup", burst, "application/json", Bearer(key));
                last = await keyed.Service.PostAsync($"/v1/users/u1/{what}", body, "application/json", Bearer(key));
                return last.Status == 429;
            });
            return last!;
        }
    }

    [Fact]
    public async Task RequestsThatAreRefusedForTheirScopeCountToo()
    {
        using var keyed = new KeyedService();
        var key = await keyed.KeyAsync(new NewKey("limited", [Scopes.ProfilesRead], null, Requests: 1));
        var (_, passed) = await RateFlood.UntilRefusedAsync(() => keyed.Service.GetAsync("/v1/users/u/window", Bearer(key)));
        Assert.All(passed, reply => Assert.Equal(403, reply.Status));
    }

    [Fact]
    public async Task LimitOfTheSettingsIsThatOfKeysWithoutOne()
    {
        using var keyed = new KeyedService(("Auth:RequestsPerSecond", "1"));
        var (key, own) = (await keyed.KeyAsync(), await keyed.KeyAsync(new NewKey("own", Scopes.All, null, Requests: 1_000)));
        await RateFlood.UntilRefusedAsync(() => keyed.Service.GetAsync("/v1/status", Bearer(key)));
        Assert.Equal(200, (await keyed.Service.GetAsync("/v1/status", Bearer(own))).Status);
    }
}
