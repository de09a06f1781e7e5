using Microsoft.Extensions.Time.Testing;
using ProfileService.Intake;
using ProfileService.Platform;
using ProfileService.Windows;
using ProfileService.Windows.Codec;
using ProfileService.Windows.Redis.Append;
using ProfileService.Windows.Redis.Layout;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Windows.Redis;

/// <summary>What the script appends is what the rules would have computed.</summary>
[Needs(Need.Server)]
public sealed class RedisAppendTests(TestServers servers)
{
    private static readonly string[] Users = ["a", "b", "c"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>SQLite's windows are computed by the rules alone.</summary>
    [Theory]
    [InlineData(1, 0.95)] // mostly in order, as events come: most appends are the script's
    [InlineData(2, 0.8)]
    [InlineData(3, 0.2)]
    public async Task AnyAppendsGiveTheVerdictsRevisionsAndBytesOfTheRules(int seed, double inOrder)
    {
        var server = await servers.RedisAsync();
        using var redis = new RedisConnection(server.ConnectionString(server.TakeDatabase()));
        using var directory = new TempDirectory();
        var (time, random) = (new FakeTimeProvider(Start), new Random(seed));
        var settings = new WindowOptions { MaxEvents = 8, MaxAge = TimeSpan.FromSeconds(60) };
        using var rules = TestStores.Sqlite(directory.File("windows.db"), time, settings);
        TestStores[] stores = [TestStores.Redis(redis, time, settings), TestStores.Redis(redis, time, settings)];
        var history = new List<WindowEvent>();
        for (var i = 0; i < 1_500; i++)
        {
            settings.MaxEvents = random.Next(50) == 0 ? random.Next(1, 12) : settings.MaxEvents;
            var count = random.Next(1, random.Next(10) == 0 ? 12 : 4);
            var events = Enumerable.Range(0, count).Select(_ => AnyEvent(random, inOrder, i, history)).ToArray();
            history.AddRange(events);

            Assert.Equal(await rules.Windows.AppendAsync(events, Token), await stores[i % 2].Windows.AppendAsync(events, Token));
            foreach (var user in Users)
                AssertSame(await rules.Windows.FindAsync(user, Token), await stores[0].Windows.FindAsync(user, Token));
            time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(await rules.Queue.CountDueAsync(Token), await stores[0].Queue.CountDueAsync(Token));
    }

    [Fact]
    public async Task NewerEventsOfSomeUsersAreOneCommand()
    {
        await using var server = await RedisServer.StartAsync();
        using var redis = new RedisConnection(server.ConnectionString());
        var store = TestStores.Redis(redis, TimeProvider.System).Windows;
        await store.AppendAsync([Event(0, "a"), Event(0, "b")], Token); // loads the script
        var before = await CallsAsync(redis);
        for (var i = 1; i < 50; i++)
            await store.AppendAsync([Event(2 * i, "a", id: $"e{i}"), Event(i, "b"), Event((2 * i) + 1, "a")], Token);

        var after = await CallsAsync(redis);
        Assert.Equal(49, after["evalsha"] - before.GetValueOrDefault("evalsha"));
        Assert.False(after.ContainsKey("get"), "a window was read to be judged");
        Assert.Equal(99, (await store.FindAsync("a", Token))!.Window.Events.Count);
    }

    [Fact]
    public async Task FullWindowTakesASecondCommandOnlyWhereItsRoomIsUsedUp()
    {
        await using var server = await RedisServer.StartAsync();
        using var redis = new RedisConnection(server.ConnectionString());
        var store = TestStores.Redis(redis, TimeProvider.System).Windows;
        var most = new WindowOptions().MaxEvents;
        await store.AppendAsync([.. Enumerable.Range(0, most + 1).Select(i => Event(i, "a"))], Token);
        var before = await CallsAsync(redis);
        for (var i = 1; i <= most; i++)
            await store.AppendAsync([Event(most + i, "a")], Token);

        var calls = (await CallsAsync(redis))["evalsha"] - before.GetValueOrDefault("evalsha");
        Assert.InRange(calls, most, most + (most / RedisWindowLayout.RoomShare));
        Assert.Equal(most, (await store.FindAsync("a", Token))!.Window.Events.Count);
    }

    [Fact]
    public async Task UsersOfOneCallGetTheVerdictsOfTheirOwnEvents()
    {
        var server = await servers.RedisAsync();
        using var redis = new RedisConnection(server.ConnectionString(server.TakeDatabase()));
        var store = TestStores.Redis(redis, TimeProvider.System).Windows;
        var users = Enumerable.Range(0, 3 * RedisAppender.UsersPerCall).Select(u => $"u{u}").ToList();
        await store.AppendAsync([.. users.Select((user, u) => Event(10, user, id: u % 4 == 0 ? "e" : null))], Token);

        // Of four users the first repeats its id, the second sends something older, the third the same event, the fourth three newer ones.
        var events = users.SelectMany((user, u) => (WindowEvent[])[.. (u % 4) switch
        {
            0 => [Event(11, user, id: "e")],
            1 => [Event(9, user)],
            2 => [Event(10, user)],
            _ => (WindowEvent[])[Event(13, user), Event(11, user, id: "x"), Event(12, user)],
        }]).ToList();
        var verdicts = await store.AppendAsync(events, Token);
        var isRepeated = events.Select(e => e.Timestamp == Event(10).Timestamp || e.GivenId == "e");
        Assert.Equal(isRepeated.Select(repeated => repeated ? Verdict.Duplicate : Verdict.Accepted), verdicts);
        for (var u = 0; u < users.Count; u++)
        {
            var found = (await store.FindAsync(users[u], Token))!.Window.Events;
            var seconds = found.Select(e => (e.Timestamp - Event(0).Timestamp) / 1_000_000);
            Assert.Equal((u % 4) switch { 0 => [11], 1 => [9, 10], 2 => [10], _ => (long[])[10, 11, 12, 13] }, seconds);
        }
    }

    [Theory]
    [InlineData(25)]
    [InlineData(51)]
    public async Task WindowOfAFormerLayoutGoesOn(int headBytes)
    {
        var server = await servers.RedisAsync();
        using var redis = new RedisConnection(server.ConnectionString(server.TakeDatabase()));
        var store = TestStores.Redis(redis, TimeProvider.System).Windows;
        var key = new RedisWindowKeys(new RedisPartitions(new WindowOptions().Partitions)).Window("u1");
        var window = WindowCodec.Encode(new Window("u1", [Event(1), Event(2)]));
        await redis.Database.StringSetAsync(key, RedisWindowValueTests.Former(headBytes, 1_790_000_000_007, window));

        Assert.Equal(1_790_000_000_007, (await store.FindAsync("u1", Token))!.Revision);
        Assert.Equal([Verdict.Duplicate, Verdict.Accepted], await store.AppendAsync([Event(2), Event(3)], Token));
        Assert.Equal([Verdict.Accepted], await store.AppendAsync([Event(4)], Token));
        var found = (await store.FindAsync("u1", Token))!;
        Assert.Equal(1_790_000_000_009, found.Revision);
        Assert.Equal([Event(1), Event(2), Event(3), Event(4)], found.Window.Events);
    }

    /// <summary>An append renews a key's TTL if the last one was in another thousandth of <see cref="WindowOptions.IdleTtl"/>.</summary>
    [Fact]
    public async Task KeysLastAsLongAsTheirWindowsMay()
    {
        var server = await servers.RedisAsync();
        var database = server.TakeDatabase();
        using var redis = new RedisConnection(server.ConnectionString(database));
        using var tester = new RedisConnection(server.TesterConnectionString(database));
        var (time, options) = (new FakeTimeProvider(Start), new WindowOptions());
        var store = TestStores.Redis(redis, time, options).Windows;
        var partitions = new RedisPartitions(options.Partitions);
        var keys = new RedisWindowKeys(partitions).Append("u1", partitions.Of("u1"))[..2];
        for (var i = 0; i < 40; i++)
        {
            await store.AppendAsync([Event(i)], Token);
            foreach (var key in keys)
                Assert.InRange((await tester.Database.KeyTimeToLiveAsync(key))!.Value, options.IdleTtl, 1.0011 * options.IdleTtl);
            foreach (var key in keys) // as if the time had gone by in Redis too
                await tester.Database.KeyExpireAsync(key, (await tester.Database.KeyTimeToLiveAsync(key))!.Value - (options.IdleTtl / 3_000));
            time.Advance(options.IdleTtl / 3_000);
        }
    }

    private static void AssertSame(StoredWindow? expected, StoredWindow? actual)
    {
        Assert.Equal(expected?.Revision, actual?.Revision);
        if (expected is not null)
            Assert.Equal(WindowCodec.Encode(expected.Window), WindowCodec.Encode(actual!.Window));
    }

    // Time goes on, so that windows fill, roll and age; few ids, at times some of them another event's derived one.
    private static WindowEvent AnyEvent(Random random, double inOrder, int turn, List<WindowEvent> history)
    {
        var hasDoubtful = turn / 100 % 3 == 2;
        var second = random.NextDouble() < inOrder ? turn + random.NextDouble() : turn - random.Next(80);
        var user = Users[random.Next(Users.Length)];
        var item = hasDoubtful && random.Next(20) == 0 ? "d-0123456789abcdef" : new string('i', random.Next(1, 20));
        var id = random.Next(hasDoubtful ? 12 : 10) switch
        {
            < 7 => null,
            < 9 => $"e{random.Next(60)}",
            9 => $"00000000-0000-0000-0000-{random.Next(60):D12}",
            10 when history.Count > 0 => (history[random.Next(history.Count)] with { UserId = user }).EventId,
            _ => Event(turn + random.Next(5), user, "i").EventId, // of one that may come
        };
        if (hasDoubtful && random.Next(20) == 0)
            return Event(turn + random.Next(5), user, "i");
        var kind = random.Next(5) == 0 ? "wishlist" : "view";
        var text = random.Next(8) == 0 ? new string('t', random.Next(300)) : null;
        return Event(Math.Round(second, random.Next(4)), user, item, kind, id, value: random.Next(3), text: text);
    }

    private static async Task<Dictionary<string, long>> CallsAsync(RedisConnection redis) =>
        (await redis.Primaries[0].InfoAsync("commandstats")).SelectMany(g => g).ToDictionary(
            c => c.Key["cmdstat_".Length..],
            c => long.Parse(c.Value.Split(',')[0]["calls=".Length..], System.Globalization.CultureInfo.InvariantCulture));
}
