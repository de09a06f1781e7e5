using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using ProfileService.Intake;
using ProfileService.Platform;
using ProfileService.Windows;
using ProfileService.Windows.Redis;
using ProfileService.Windows.Redis.Layout;
using StackExchange.Redis;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Windows.Redis;

/// <summary>What windows in Redis do beyond the contract of every store.</summary>
[Needs(Need.Server)]
public sealed class RedisWindowServerTests(TestServers servers)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ScriptsAreLoadedAgainAfterARestartOfRedis()
    {
        await using var server = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "always");
        using var redis = new RedisConnection(server.ConnectionString());
        using var stores = TestStores.Redis(redis, TimeProvider.System);
        await stores.Windows.AppendAsync([Event(1)], Token);
        await stores.Queue.SettleAsync(await stores.Queue.ClaimDueAsync(10, Lease, Token), Token);

        await server.KillAsync();
        await server.StartAgainAsync();
        await Eventually.IsTrueAsync(() => CanAppendAsync(stores.Windows));
        Assert.Equal(2, (await stores.Windows.FindAsync("u1", Token))!.Window.Events.Count);
        await stores.Queue.SettleAsync(await stores.Queue.ClaimDueAsync(10, Lease, Token), Token);
        Assert.Equal(0, await stores.Queue.CountDueAsync(Token));
    }

    [Fact]
    public async Task EveryKeyHasATtl()
    {
        using var redis = await ConnectAsync();
        using var service = TestService.WithoutWorker(("ConnectionStrings:Redis", redis.ConnectionString));
        await service.AcceptAsync([.. Enumerable.Range(0, 20).Select(u => Event(1, $"u{u}"))]);
        await service.FreshAsync("u1");
        using var stores = TestStores.Redis(redis.Connection, TimeProvider.System);
        await stores.Queue.CountDueAsync(Token);
        await stores.Queue.ClaimDueAsync(1, Lease, Token);

        using var tester = new RedisConnection(redis.TesterConnectionString);
        var kinds = new HashSet<string>();
        await foreach (var key in redis.Connection.Primaries[0].KeysAsync(redis.Connection.Database.Database))
        {
            Assert.True(await tester.Database.KeyTimeToLiveAsync(key) > TimeSpan.Zero, $"{key} has no TTL");
            kinds.Add(key.ToString().Split(':')[1]);
        }

        Assert.Superset(new HashSet<string> { "w", "profile", "due", "leases", "claims", "partitions" }, kinds);
    }

    /// <summary>Partitions share the calls of the due queue, but not what fails there.</summary>
    [Fact]
    public async Task BrokenPartitionCostsTheUsersOfTheOthersNothing()
    {
        using var redis = await ConnectAsync();
        using var stores = TestStores.Redis(redis.Connection, TimeProvider.System);
        var users = Enumerable.Range(0, 50).Select(u => $"u{u}").ToList();
        await stores.Windows.AppendAsync([.. users.Select(u => Event(1, u))], Token);
        var partitions = new RedisPartitions(new WindowOptions().Partitions);
        var others = users.Where(u => partitions.Of(u) != partitions.Of("u7")).Order().ToList();
        var leases = new RedisWindowKeys(partitions).Due(partitions.Of("u7"))[1];
        await redis.Connection.Database.StringSetAsync(leases, "no sorted set");

        var claims = await stores.Queue.ClaimDueAsync(100, Lease, Token);
        Assert.Equal(others, claims.Select(c => c.UserId).Order());
        await stores.Queue.SettleAsync(claims, Token);
        var refused = await Assert.ThrowsAsync<RedisServerException>(() => stores.Queue.ClaimAsync("u7", Lease, Token));
        Assert.StartsWith("WRONGTYPE", refused.Message, StringComparison.Ordinal);

        await redis.Connection.Database.KeyDeleteAsync(leases);
        Assert.Contains(await stores.Queue.ClaimDueAsync(100, Lease, Token), c => c.UserId == "u7");
    }

    [Fact]
    public async Task UnreadableWindowCostsTheOtherUsersNothing()
    {
        using var redis = await ConnectAsync();
        using var stores = TestStores.Redis(redis.Connection, TimeProvider.System);
        await stores.Windows.AppendAsync([Event(1, "broken"), Event(1, "short"), Event(1, "digit"), Event(1, "good")], Token);
        var keys = new RedisWindowKeys(new RedisPartitions(new WindowOptions().Partitions));
        await redis.Connection.Database.StringSetRangeAsync(keys.Window("broken"), RedisWindowLayout.EndAt, new byte[] { 0xff, 0xff });
        await redis.Connection.Database.StringSetAsync(keys.Window("short"), "x");
        await redis.Connection.Database.StringSetAsync(keys.Window("digit"), "1");

        Assert.Equal(
            [Verdict.Unreadable, Verdict.Unreadable, Verdict.Unreadable, Verdict.Accepted],
            await stores.Windows.AppendAsync([Event(2, "broken"), Event(2, "short"), Event(2, "digit"), Event(2, "good")], Token));
        var claims = await stores.Queue.ClaimDueAsync(10, Lease, Token);
        Assert.Equal(["broken", "digit", "good", "short"], claims.Select(c => c.UserId).Order());
        await Assert.ThrowsAsync<UnreadableWindowException>(() => stores.Windows.FindAsync("broken", Token));
    }

    [Fact]
    public async Task DueUserWithoutAWindowIsForgotten()
    {
        using var redis = await ConnectAsync();
        using var stores = TestStores.Redis(redis.Connection, TimeProvider.System);
        await stores.Windows.AppendAsync([Event(1, "ghost"), Event(1, "real")], Token);
        var keys = new RedisWindowKeys(new RedisPartitions(new WindowOptions().Partitions));
        await redis.Connection.Database.KeyDeleteAsync(keys.Window("ghost"));
        Assert.Equal(["real"], (await stores.Queue.ClaimDueAsync(10, Lease, Token)).Select(c => c.UserId));
        Assert.Equal(1, await stores.Queue.CountDueAsync(Token));
    }

    [Fact]
    public async Task AppendsOfTwoProcessesToOneUserAllStay()
    {
        using var redis = await ConnectAsync();
        using var other = new RedisConnection(redis.ConnectionString);
        IWindowStore[] stores =
            [TestStores.Redis(redis.Connection, TimeProvider.System).Windows, TestStores.Redis(other, TimeProvider.System).Windows];
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(() => stores[i % 2].AppendAsync([Event(i)], Token))));
        Assert.Equal(60, (await stores[0].FindAsync("u1", Token))!.Window.Events.Count);
    }

    [Fact]
    public async Task BusyPartitionKeepsNoneWaiting()
    {
        using var redis = await ConnectAsync();
        using var stores = TestStores.Redis(redis.Connection, TimeProvider.System);
        var partitions = new RedisPartitions(new WindowOptions().Partitions);
        var busy = Enumerable.Range(0, 100_000).Select(u => $"u{u}").Where(u => partitions.Of(u) == 7).Take(300).ToList();
        await stores.Windows.AppendAsync([.. busy.Select(u => Event(1, u))], Token);
        await stores.Windows.AppendAsync([.. Enumerable.Range(0, 20).Select(u => Event(1, $"other-{u}"))], Token);

        var claimed = await stores.Queue.ClaimDueAsync(64, Lease, Token);
        Assert.Equal(64, claimed.Count);
        Assert.InRange(claimed.Count(c => c.UserId.StartsWith("other", StringComparison.Ordinal)), 10, 20);
    }

    [Fact]
    public async Task WindowsAreFoundAgainOnlyInAsManyPartitionsAsTheyWerePutIn()
    {
        using var redis = await ConnectAsync();
        for (var i = 0; i < 2; i++)
            await Guard(256).CheckAsync();
        var other = Guard(16);
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(other.CheckAsync);
        Assert.Contains("256", refused.Message, StringComparison.Ordinal);

        RedisPartitionGuard Guard(int partitions) => new(
            redis.Connection, Options.Create(new WindowOptions { Partitions = partitions }), NullLogger<RedisPartitionGuard>.Instance);
    }

    [Fact]
    public async Task EventsAreRefusedInAnotherNumberOfPartitionsThanWindowsWerePutIn()
    {
        using var redis = await ConnectAsync();
        var time = new FakeTimeProvider(Start);
        using var services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton<ProfileMetrics>().AddSingleton<TimeProvider>(time)
            .AddSingleton(Options.Create(new WindowOptions { Partitions = 16 })).AddSingleton(redis.Connection).AddRedisWindows()
            .AddSingleton<RedisWindowHealth>().BuildServiceProvider();
        var (windows, health) = (services.GetRequiredService<IWindowStore>(), services.GetRequiredService<RedisWindowHealth>());
        await redis.Connection.Database.StringSetAsync("profiles:partitions", 256); // as if it could not be read at the start
        var found = await health.CheckHealthAsync(new(), Token);
        Assert.Equal(HealthStatus.Unhealthy, found.Status);
        Assert.Contains("256", found.Description!, StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<RedisCommandException>(() => windows.AppendAsync([Event()], Token));
        Assert.True(StoreFailure.Is(refused));

        await redis.Connection.Database.StringSetAsync("profiles:partitions", 16);
        Assert.NotEqual(HealthStatus.Unhealthy, (await health.CheckHealthAsync(new(), Token)).Status);
        Assert.Equal(Verdict.Accepted, Assert.Single(await windows.AppendAsync([Event()], Token)));
    }

    [Theory]
    [InlineData("appendonly is off", "--appendonly", "no")]
    [InlineData("appendfsync is everysec", "--appendonly", "yes", "--appendfsync", "everysec")]
    [InlineData(
        "maxmemory-policy is allkeys-lru",
        "--appendonly", "yes", "--appendfsync", "always", "--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru")]
    [InlineData(null, "--appendonly", "yes", "--appendfsync", "always")]
    public async Task ReadinessNamesSettingsThatCanLoseAcknowledgedEvents(string? risk, params string[] arguments)
    {
        await using var server = await RedisServer.StartAsync(arguments);
        await server.TellSettingsAsync();
        using var service = new TestService(("ConnectionStrings:Redis", server.ConnectionString()));
        var status = risk is null ? "Healthy" : "Degraded";
        await service.Client.ReadyAsync(ready => ready.Status == 200 && ready.StatusOf("windows") == status
            && ready.DescriptionOf("windows").Contains(risk ?? "", StringComparison.Ordinal));
    }

    private static async Task<bool> CanAppendAsync(IWindowStore windows)
    {
        try
        {
            return (await windows.AppendAsync([Event(2)], Token)).Count == 1;
        }
        catch (Exception e) when (StoreFailure.IsOfRedis(e))
        {
            return false; // the connection is not back yet
        }
    }

    private async Task<TestRedis> ConnectAsync()
    {
        var server = await servers.RedisAsync();
        var database = server.TakeDatabase();
        return new TestRedis(server.ConnectionString(database), server.TesterConnectionString(database));
    }

    /// <summary>A connection to a database of the test's own.</summary>
    private sealed record TestRedis(string ConnectionString, string TesterConnectionString) : IDisposable
    {
        public RedisConnection Connection { get; } = new(ConnectionString);

        public void Dispose() => Connection.Dispose();
    }
}
