using System.Globalization;
using ProfileService.Platform;
using ProfileService.Windows;
using ProfileService.Windows.Redis.Layout;
using StackExchange.Redis;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Windows.Redis;

/// <summary>How the revisions of many callers are read.</summary>
[Needs(Need.Server)]
public sealed class RedisRevisionsTests(TestServers servers)
{
    private const int MoreThanGoTogether = 300;

    private static readonly string[] Users = [.. Enumerable.Range(0, 50).Select(u => $"u{u}")];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ThoseAskedForWhileAQuestionIsOutAreAskedTogether()
    {
        await using var server = await RedisServer.StartAsync();
        using var redis = new RedisConnection(server.ConnectionString());
        var store = TestStores.Redis(redis, TimeProvider.System).Windows;
        await store.AppendAsync([.. Users.Select(u => Event(1, u)), Event(2, Users[7])], Token);
        var expected = await store.FindRevisionsAsync([.. Users, "nobody"], Token);
        var before = await ScriptCallsAsync(redis);

        await server.PauseAsync();
        var asked = Users.Append("nobody").Select(u => store.FindRevisionAsync(u, Token)).ToList();
        await server.ResumeAsync();
        Assert.Equal(expected, await Task.WhenAll(asked));
        Assert.Null(expected[^1]);
        var after = await ScriptCallsAsync(redis);
        Assert.InRange(after - before, 1, 2); // those of the first question, where it was more than one, and all the others
        Assert.Equal(expected[0], await store.FindRevisionAsync(Users[0], Token));
        Assert.Equal(after, await ScriptCallsAsync(redis)); // one user is asked for by a plain command
    }

    [Fact]
    public async Task ManyAskedForAtOnceAllGetTheirOwn()
    {
        var server = await servers.RedisAsync();
        using var redis = new RedisConnection(server.ConnectionString(server.TakeDatabase()));
        var store = TestStores.Redis(redis, TimeProvider.System).Windows;
        await store.AppendAsync([.. Users.Select((u, i) => Event(i, u))], Token);
        for (var i = 0; i < Users.Length; i += 2)
            await store.AppendAsync([Event(100, Users[i])], Token);
        var expected = await store.FindRevisionsAsync(Users, Token);
        var asked = Enumerable.Range(0, MoreThanGoTogether * 2)
            .Select(i => store.FindRevisionAsync(Users[i % Users.Length], Token)).ToList();
        Assert.Equal(Enumerable.Range(0, asked.Count).Select(i => expected[i % Users.Length]), await Task.WhenAll(asked));
    }

    [Fact]
    public async Task FailedQuestionIsNoHindranceToTheNext()
    {
        await using var server = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "always");
        server.MayHang = true;
        using var redis = new RedisConnection(server.ConnectionString());
        var store = TestStores.Redis(redis, TimeProvider.System).Windows;
        await store.AppendAsync([Event(1)], Token);
        var revision = await store.FindRevisionAsync("u1", Token);

        await server.PauseAsync();
        var asked = Enumerable.Range(0, 10).Select(_ => store.FindRevisionAsync("u1", Token)).ToList();
        await server.KillAsync();
        foreach (var question in asked)
            Assert.True(await Record.ExceptionAsync(() => question) is RedisException or TimeoutException);

        await server.StartAgainAsync();
        await Eventually.IsTrueAsync(async () => await Record.ExceptionAsync(() => store.FindRevisionAsync("u1", Token)) is null);
        Assert.Equal(revision, await store.FindRevisionAsync("u1", Token));
    }

    [Fact]
    public async Task KeyThatIsNoWindowCostsTheOtherUsersNothing()
    {
        var server = await servers.RedisAsync();
        var database = server.TakeDatabase();
        using var redis = new RedisConnection(server.ConnectionString(database));
        using var tester = new RedisConnection(server.TesterConnectionString(database));
        var store = TestStores.Redis(redis, TimeProvider.System).Windows;
        await store.AppendAsync([Event(1)], Token);
        var keys = new RedisWindowKeys(new RedisPartitions(new WindowOptions().Partitions));
        await tester.Database.ListRightPushAsync(keys.Window("odd"), "x");
        Assert.Equal([null, await store.FindRevisionAsync("u1", Token)], await store.FindRevisionsAsync(["odd", "u1"], Token));
    }

    private static async Task<long> ScriptCallsAsync(RedisConnection redis) =>
        (await redis.Primaries[0].InfoAsync("commandstats")).SelectMany(g => g).Where(i => i.Key == "cmdstat_evalsha")
            .Sum(i => long.Parse(i.Value.Split('=', ',')[1], CultureInfo.InvariantCulture));
}
