using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Lookup;

/// <summary>What lookups answer while a store is gone, hangs or takes no writes: whatever is known, and never as if it were new.</summary>
[Needs(Need.Server)]
public sealed class StoreOutageTests(TestServers servers) : IAsyncDisposable
{
    private RedisServer _redis = null!;
    private PostgresServer _postgres = null!;
    private IAsyncDisposable[] _own = [];
    private (string, string)[] _settings = [];
    private string _database = "";
    private TestService _service = null!;

    [Theory]
    [InlineData("gone")]
    [InlineData("hangs")]
    [InlineData("read-only")]
    public async Task WithoutTheDatabaseWhatIsKnownIsAnsweredAsStale(string fault)
    {
        await StartAsync(ownRedis: false, ownPostgres: fault != "read-only", mayHang: fault == "hangs"); // that fault is of one database alone
        await KnowAsync("u1", "u2");
        await BreakPostgresAsync(fault);
        await _service.AcceptAsync(Event(2, "u1"));

        // All at once: where the server hangs, each waits until its statement is given up.
        string[] lookups = ["profile", "profile?fresh=true", "profile?fresh=true&include=vector", "recommendations", "predictions", "window"];
        var replying = Task.WhenAll(lookups.Select(lookup => _service.GetAsync($"/v1/users/u1/{lookup}")));
        var many = _service.PostAsync("/v1/profiles/lookup", """{"userIds":["u1","u2"]}""");
        var status = _service.GetAsync("/v1/status");
        var replies = await replying;
        Assert.All(replies[..3], reply => IsStale(reply, 1));
        Assert.All(replies[3..5], reply => Assert.True(reply.Status == 200 && reply.Json.GetProperty("stale").GetBoolean()));
        Assert.Equal((200, 2), ((await many).Status, (await many).Json.GetProperty("profiles").GetArrayLength()));
        Assert.Equal((200, 200), (replies[5].Status, (await status).Status));

        await MendPostgresAsync(fault);
        await Eventually.IsTrueAsync(async () => await _service.FreshAsync("u1") is { Status: 200 } reply && reply.Json.GetProperty("freshness").GetProperty("pendingEvents").GetInt64() == 0);
    }

    [Fact]
    public async Task WithoutTheDatabaseABatchSaysWhoseProfileItCannotTell()
    {
        await StartAsync(ownRedis: false, ownPostgres: true);
        await KnowAsync("u1");
        await _postgres.KillAsync();
        var many = await _service.PostAsync("/v1/profiles/lookup", """{"userIds":["u1","nobody"]}""");
        Assert.Equal((200, 1, 0), (many.Status, many.Json.GetProperty("profiles").GetArrayLength(), many.Json.GetProperty("missing").GetArrayLength()));
        Assert.Equal("nobody", Assert.Single(many.Json.GetProperty("unavailable").EnumerateArray()).GetString());
        var rows = await _service.PostAsync("/v1/profiles/lookup", """{"userIds":["u1","nobody"]}""", "application/json", ("Accept", "application/octet-stream"));
        Assert.Equal((200, "1"), (rows.Status, rows.Headers["X-Profile-Unavailable"]));
        (await _service.PostAsync("/v1/profiles/lookup", """{"userIds":["nobody"]}""")).Problem(503);
        (await _service.GetAsync("/v1/users/nobody/profile")).Problem(503);
    }

    [Theory]
    [InlineData(true, "67108864")]
    [InlineData(false, "67108864")]
    [InlineData(true, "0")]
    [InlineData(false, "0")]
    public async Task WithoutTheWindowsWhatIsKnownIsAnsweredAsStale(bool hangs, string memoryBytes)
    {
        await StartAsync(ownRedis: true, ownPostgres: false, mayHang: hangs);
        using var service = new TestService([.. _settings, ("Lookup:MemoryBytes", memoryBytes), ("Lookup:CacheFor", "00:00:00")]);
        await KnowAsync("u1", "u2");
        Assert.Equal(200, (await service.GetAsync("/v1/users/u1/profile")).Status);
        await (hangs ? _redis.PauseAsync() : _redis.KillAsync());

        IsStale(await service.GetAsync("/v1/users/u1/profile"), 0); // remembered, or of the database
        IsStale(await service.FreshAsync("u1"), 0);
        IsStale(await service.GetAsync("/v1/users/u2/profile"), 0);
        var many = await service.PostAsync("/v1/profiles/lookup", """{"userIds":["u1","u2","nobody"]}""");
        Assert.Equal((200, 2), (many.Status, many.Json.GetProperty("profiles").GetArrayLength()));
        Assert.All(many.Json.GetProperty("profiles").EnumerateArray(), p => Assert.True(p.GetProperty("freshness").GetProperty("stale").GetBoolean()));
        Assert.Equal(1, many.Json.GetProperty("unavailable").GetArrayLength());
        Assert.True((await service.GetAsync("/v1/users/u1/recommendations?excludeSeen=false")).Json.GetProperty("stale").GetBoolean());
        Assert.True((await service.GetAsync("/v1/users/u1/predictions")).Json.GetProperty("stale").GetBoolean());
        Assert.Equal(200, (await service.GetAsync("/v1/users/u1/similar")).Status);
        Assert.Equal(200, (await service.GetAsync("/v1/users")).Status);
        (await service.GetAsync("/v1/users/nobody/profile")).Problem(503);
        (await service.GetAsync("/v1/users/u1/window")).Problem(503);

        await (hangs ? _redis.ResumeAsync() : _redis.StartAgainAsync());
        await Eventually.IsTrueAsync(async () => (await service.PostAsync("/v1/events", Event(3, "u1").Json())).Status == 202);
        await Eventually.IsTrueAsync(async () => await service.FreshAsync("u1") is { Status: 200 } reply && !reply.Json.GetProperty("freshness").GetProperty("stale").GetBoolean());
    }

    [Fact]
    public async Task WithoutEitherWhatIsRememberedIsAnsweredAsStale()
    {
        await StartAsync(ownRedis: true, ownPostgres: true);
        await KnowAsync("u1");
        await _service.GetAsync("/v1/users/u1/profile");
        await _redis.KillAsync();
        await _postgres.KillAsync();
        IsStale(await _service.FreshAsync("u1"), 0);
        await _service.PostAsync("/v1/events", Event(2, "u1").Json()); // may be in or not: what is remembered is the past now, but known
        IsStale(await _service.GetAsync("/v1/users/u1/profile"), 0);
        (await _service.GetAsync("/v1/users/nobody/profile")).Problem(503);
    }

    public async ValueTask DisposeAsync()
    {
        _service?.Dispose();
        foreach (var server in _own)
            await server.DisposeAsync();
    }

    /// <summary>Starts the service, and a server of its own only where the test breaks it.</summary>
    private async Task StartAsync(bool ownRedis, bool ownPostgres, bool mayHang = false)
    {
        _redis = ownRedis ? await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "always") : await servers.RedisAsync();
        _own = ownRedis ? [_redis] : [];
        _redis.MayHang = mayHang && ownRedis;
        _postgres = ownPostgres ? await PostgresServer.StartAsync() : await servers.PostgresAsync();
        _own = ownPostgres ? [.. _own, _postgres] : _own;
        _postgres.MayHang = mayHang && ownPostgres;
        _database = await _postgres.CreateDatabaseAsync();
        var redis = _redis.ConnectionString(ownRedis ? 0 : _redis.TakeDatabase());
        _settings = [("ConnectionStrings:Redis", redis), ("ConnectionStrings:Postgres", _database)];
        _service = new TestService(_settings);
    }

    private static void IsStale(Reply reply, long pending)
    {
        Assert.True(reply.Status == 200, $"{reply.Status} {System.Text.Encoding.UTF8.GetString(reply.Body)}");
        var freshness = reply.Json.GetProperty("freshness");
        Assert.Equal((true, pending), (freshness.GetProperty("stale").GetBoolean(), freshness.GetProperty("pendingEvents").GetInt64()));
    }

    private async Task KnowAsync(params string[] users)
    {
        await _service.AcceptAsync([.. users.Select(u => Event(1, u))]);
        foreach (var user in users)
            Assert.Equal(200, (await _service.FreshAsync(user)).Status);
    }

    private async Task BreakPostgresAsync(string fault)
    {
        if (fault == "read-only")
            await _postgres.AllowWritesAsync(_database, allowed: false);
        else
            await (fault == "hangs" ? _postgres.PauseAsync() : _postgres.KillAsync());
    }

    private async Task MendPostgresAsync(string fault)
    {
        if (fault == "read-only")
            await _postgres.AllowWritesAsync(_database, allowed: true);
        else
            await (fault == "hangs" ? _postgres.ResumeAsync() : _postgres.StartAgainAsync());
    }
}
