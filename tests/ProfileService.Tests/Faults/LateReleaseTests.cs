using ProfileService.Platform;
using ProfileService.Tests.Windows;
using StackExchange.Redis;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Faults;

/// <summary>Nobody waits out a lease because a store failed for a moment: all leases here are longer than a test waits.</summary>
[Needs(Need.Server)]
public sealed class LateReleaseTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ClaimWhoseAnswerWasLostIsGivenBack(bool byName)
    {
        await using var server = await RedisServer.StartAsync();
        using var redis = new RedisConnection($"{server.ConnectionString()},asyncTimeout=1000");
        using var stores = TestStores.Redis(redis, TimeProvider.System);
        await Eventually.IsTrueAsync(async () => await TryAsync(async () => await stores.Windows.AppendAsync([Event(1)], Token)) is not null);

        await server.PauseAsync();
        if (byName)
            await Assert.ThrowsAnyAsync<TimeoutException>(() => stores.Queue.ClaimAsync("u1", Lease, Token));
        else
            await Assert.ThrowsAnyAsync<TimeoutException>(() => stores.Queue.ClaimDueAsync(10, Lease, Token));
        await server.ResumeAsync(); // it carries out what it was sent
        await Eventually.IsTrueAsync(async () => await TryAsync(async () => await stores.Queue.ClaimAsync("u1", Lease, Token)) is not null);
    }

    [Fact]
    public async Task ClaimWhoseWindowsCouldNotBeReadIsGivenBack()
    {
        await using var server = await RedisServer.StartAsync();
        using var redis = new RedisConnection(server.ConnectionString());
        using var stores = TestStores.Redis(redis, TimeProvider.System);
        await stores.Windows.AppendAsync([.. Enumerable.Range(0, 20).Select(u => Event(1, $"u{u}"))], Token);

        await RedisLine.SendAsync(server.Port, "ACL SETUSER profiles -get -mget");
        await Assert.ThrowsAnyAsync<RedisException>(() => stores.Queue.ClaimDueAsync(20, Lease, Token));
        await RedisLine.SendAsync(server.Port, RedisUsers.Restore);
        var claimed = new HashSet<string>();
        await Eventually.IsTrueAsync(async () =>
        {
            claimed.UnionWith((await stores.Queue.ClaimDueAsync(20, Lease, Token)).Select(c => c.UserId));
            return claimed.Count == 20;
        });
    }

    [Fact]
    public async Task ReleaseThatFailedIsTriedAgain()
    {
        await using var server = await RedisServer.StartAsync();
        using var redis = new RedisConnection(server.ConnectionString());
        using var stores = TestStores.Redis(redis, TimeProvider.System);
        await stores.Windows.AppendAsync([Event(1)], Token);
        var claims = await stores.Queue.ClaimDueAsync(10, Lease, Token);
        await RedisLine.SendAsync(server.Port, "ACL SETUSER profiles -zrem");
        await Assert.ThrowsAnyAsync<RedisException>(() => stores.Queue.ReleaseAsync(claims, Lease, Token));
        await RedisLine.SendAsync(server.Port, RedisUsers.Restore);
        await Eventually.IsTrueAsync(async () => (await stores.Queue.ClaimDueAsync(10, Lease, Token)).Count == 1);
    }

    [Fact]
    public async Task ReleaseThatALockedFileRefusedIsTriedAgain()
    {
        using var data = new TempDirectory();
        using var stores = TestStores.Sqlite(data.File("windows.db"), TimeProvider.System);
        await stores.Windows.AppendAsync([Event(1)], Token);
        var claims = await stores.Queue.ClaimDueAsync(10, Lease, Token);
        Execute(data, "CREATE TRIGGER refuse BEFORE UPDATE ON due BEGIN SELECT RAISE(ABORT, 'no'); END");
        await Assert.ThrowsAnyAsync<Microsoft.Data.Sqlite.SqliteException>(() => stores.Queue.ReleaseAsync(claims, Lease, Token));
        Execute(data, "DROP TRIGGER refuse");
        await Eventually.IsTrueAsync(async () => (await stores.Queue.ClaimDueAsync(10, Lease, Token)).Count == 1);
    }

    /// <summary>A Redis that stalls, again and again, under load; then everyone is fresh long before a lease would end.</summary>
    [Fact]
    public async Task StallsOfRedisLeaveNobodyBehind()
    {
        await using var server = await RedisServer.StartAsync();
        await using var postgres = await PostgresServer.StartAsync();
        server.MayHang = true;
        using var service = new TestService(
            ("ConnectionStrings:Redis", server.ConnectionString()),
            ("ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync()),
            ("Refresh:Lease", "00:10:00"), ("Refresh:MaxBatch", "8"));
        using var enough = new CancellationTokenSource();
        var posting = Enumerable.Range(0, 4).Select(p => PostAsync(service, p, enough.Token)).ToList();
        for (var stall = 0; stall < 4; stall++)
        {
            await Eventually.IsTrueAsync(async () => (await service.PostAsync("/v1/events", Event(stall, "probe").Json())).Status == 202);
            await server.PauseAsync();
            await Eventually.IsTrueAsync(async () => (await service.PostAsync("/v1/events", Event(stall, "probe").Json())).Status == 503);
            await server.ResumeAsync();
        }

        await Eventually.IsTrueAsync(async () => (await service.PostAsync("/v1/events", Event(9, "probe").Json())).Status == 202);
        await enough.CancelAsync();
        await Task.WhenAll(posting);
        await service.Client.NobodyIsDueAsync();
    }

    private static async Task PostAsync(TestService service, int poster, CancellationToken enough)
    {
        for (var i = 0; !enough.IsCancellationRequested; i++)
        {
            var events = Enumerable.Range(0, 20).Select(u => Event(i, $"u{(i * 7) + u}-{poster}").Json());
            await service.PostAsync("/v1/events", $"[{string.Join(',', events)}]");
        }
    }

    private static async Task<T?> TryAsync<T>(Func<Task<T?>> ask)
        where T : class
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (e is RedisException or TimeoutException) // the connection may be opened anew
        {
            return null;
        }
    }

    private static void Execute(TempDirectory data, string sql)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={data.File("windows.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
