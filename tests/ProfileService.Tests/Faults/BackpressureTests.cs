using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Faults;

/// <summary>Servers that are full, silent or gone: the API says so in bounded time, nothing is lost, and all recovers by itself.</summary>
[Needs(Need.Server)]
public sealed class BackpressureTests
{
    private static readonly TimeSpan NoHang = TimeSpan.FromMinutes(2); // less than a request may take, so that it is the store's bound that ends it

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FullRedisIsAnswered503UntilThereIsRoom()
    {
        await using var redis = await RedisServer.StartAsync("--maxmemory-policy", "noeviction");
        using var service = new TestService(("ConnectionStrings:Redis", redis.ConnectionString()));
        await service.AcceptAsync(Event(1));
        await service.FreshAsync("u1");

        await RedisLine.SendAsync(redis.Port, "CONFIG SET maxmemory 1mb");
        var refused = await service.PostAsync("/v1/events", Event(2).Json());
        IsUnavailable(refused);
        Assert.Contains("A store refuses this", refused.Problem(503).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(200, (await service.GetAsync("/v1/users/u1/profile")).Status);

        await RedisLine.SendAsync(redis.Port, "CONFIG SET maxmemory 0");
        await service.AcceptAsync(Event(2));
        await Eventually.IsTrueAsync(async () => await service.GetAsync("/v1/users/u1/profile") is { Status: 200 } reply && reply.Json.GetProperty("eventCount").GetInt32() == 2);
    }

    [Fact]
    public async Task FullRedisStillLetsWhoIsDueBeComputedAndServicesStart()
    {
        await using var redis = await RedisServer.StartAsync("--maxmemory-policy", "noeviction");
        await using var postgres = await PostgresServer.StartAsync();
        (string, string)[] settings = [("ConnectionStrings:Redis", redis.ConnectionString()), ("ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync())];
        using (var api = TestService.WithoutWorker(settings))
        {
            await api.AcceptAsync(Event(1));
            await api.FreshAsync("u1");
            await api.AcceptAsync(Event(2));
        }

        await RedisLine.SendAsync(redis.Port, "CONFIG SET maxmemory 1mb");
        using var service = new TestService(settings);
        await service.Client.NobodyIsDueAsync();
        Assert.Equal(2, (await service.GetAsync("/v1/users/u1/profile")).Json.GetProperty("eventCount").GetInt32());
    }

    [Fact]
    public async Task ReadinessDoesNotHangOnAPostgresThatDoesNotAnswer()
    {
        await using var postgres = await PostgresServer.StartAsync();
        postgres.MayHang = true;
        using var service = new TestService(("ConnectionStrings:Postgres", $"{await postgres.CreateDatabaseAsync()};Command Timeout=600"));
        await postgres.PauseAsync();
        await service.Client.ReadyAsync("profiles", "Degraded", 200).WaitAsync(NoHang, TimeProvider.System, Token);
        await postgres.ResumeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RedisThatIsGoneOrSilentIsAnswered503AndTakesEventsAgainWhenItIsBack(bool gone)
    {
        await using var redis = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "always");
        redis.MayHang = !gone;
        using var service = new TestService(("ConnectionStrings:Redis", redis.ConnectionString()));
        await service.AcceptAsync(Event(1));
        await service.FreshAsync("u1");

        await (gone ? redis.KillAsync() : redis.PauseAsync());
        var posts = Enumerable.Range(0, 400).Select(i => service.PostAsync("/v1/events", Event(2, $"v{i}").Json())).ToList();
        Assert.All(await Task.WhenAll(posts).WaitAsync(NoHang, TimeProvider.System, Token), IsUnavailable);
        await Eventually.IsTrueAsync(async () => // not called stale within Lookup:CacheFor
            await service.GetAsync("/v1/users/u1/profile").WaitAsync(NoHang, TimeProvider.System, Token) is { Status: 200 } known
            && known.Json.GetProperty("freshness").GetProperty("stale").GetBoolean());
        IsUnavailable(await service.GetAsync("/v1/users/v1/profile").WaitAsync(NoHang, TimeProvider.System, Token));
        await service.Client.ReadyAsync(503).WaitAsync(NoHang, TimeProvider.System, Token);

        await (gone ? redis.StartAgainAsync() : redis.ResumeAsync());
        await Eventually.IsTrueAsync(async () => (await service.PostAsync("/v1/events", Event(3).Json())).Status == 202);
        await Eventually.IsTrueAsync(async () => (await service.GetAsync("/v1/users/u1/profile")) is { Status: 200 } profile && profile.Json.GetProperty("eventCount").GetInt32() == 2);
        await service.Client.ReadyAsync(200);
    }

    [Fact]
    public async Task WithoutPostgresEventsStillEnterAndProfilesWait()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var postgres = await PostgresServer.StartAsync();
        using var service = new TestService(
            ("ConnectionStrings:Redis", redis.ConnectionString()), ("ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync()));
        await service.AcceptAsync(Event(1));
        await service.FreshAsync("u1");

        await postgres.StopAsync();
        await service.AcceptAsync(Event(2), Event(1, "u2"));
        await service.Client.ReadyAsync("refresh", "Degraded", 200);
        var cached = await service.GetAsync("/v1/users/u1/profile");
        Assert.Equal((200, true), (cached.Status, cached.Json.GetProperty("freshness").GetProperty("stale").GetBoolean()));
        IsUnavailable(await service.GetAsync("/v1/users/u2/profile"));

        await postgres.StartAgainAsync();
        await service.Client.NobodyIsDueAsync();
        Assert.Equal(2, (await service.GetAsync("/v1/users/u1/profile")).Json.GetProperty("eventCount").GetInt32());
        Assert.Equal(200, (await service.GetAsync("/v1/users/u2/profile")).Status);
    }

    [Fact]
    public async Task WithoutItsArchiveNothingIsAcknowledged()
    {
        await using var postgres = await PostgresServer.StartAsync();
        using var service = new TestService(("ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync()), ("Events:Archive", "Postgres"));
        await postgres.StopAsync();
        IsUnavailable(await service.PostAsync("/v1/events", Event(1).Json()));
        await postgres.StartAgainAsync();
        await service.AcceptAsync(Event(1));
    }

    private static void IsUnavailable(Reply reply)
    {
        reply.Problem(503);
        Assert.True(reply.Headers.ContainsKey("Retry-After"));
    }
}
