using ProfileService.Platform;
using ProfileService.Tests.Windows;
using ProfileService.Windows;
using ProfileService.Windows.Redis.Layout;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Faults;

/// <summary>A Redis Cluster of which one server is gone, or does not answer.</summary>
[Needs(Need.Server)]
public sealed class ClusterFaultTests
{
    private const int Users = 60;
    private static readonly TimeSpan NoHang = TimeSpan.FromMinutes(2); // less than a request may take

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task UsersOfOtherServersAreServedAndEventsOfALostOneAre503(bool killed)
    {
        await using var cluster = await RedisCluster.StartAsync();
        cluster.MayHang = true;
        using var service = new TestService(("ConnectionStrings:Redis", cluster.ConnectionString));
        var users = Enumerable.Range(0, Users).Select(u => $"u{u}").ToList();
        await service.AcceptAsync([.. users.Select(u => Event(1, u))]);
        await Task.WhenAll(users.Select(service.FreshAsync));
        var lost = await UsersOfAsync(cluster, cluster.Nodes[1]);
        var served = users.Except(lost).ToList();
        Assert.True(lost.Count >= 5 && served.Count >= 5, $"{lost.Count} of {Users} users lie on the server");

        await (killed ? cluster.Nodes[1].KillAsync() : cluster.Nodes[1].PauseAsync());
        await Task.WhenAll(lost.Take(3).Select(user => IsRefusedInTimeAsync(service, user)));
        foreach (var user in served)
        {
            await InTimeAsync(service.PostAsync("/v1/events", Event(2, user).Json()), 202);
            var profile = await InTimeAsync(service.FreshAsync(user), 200);
            Assert.Equal(2, profile.Json.GetProperty("eventCount").GetInt32());
        }

        // By itself too, not only where a lookup asks: the refresh goes on for the users that can be reached.
        await service.AcceptAsync([.. served.Select(u => Event(3, u))]);
        await Eventually.IsTrueAsync(async () =>
            (await Task.WhenAll(served.Select(u => service.GetAsync($"/v1/users/{u}/profile")))).All(p => p.Status == 200 && p.Json.GetProperty("eventCount").GetInt32() == 3));
        string[] said = ["served by no server", $"{cluster.Nodes[1].Port} does not answer"]; // one of them
        await service.Client.ReadyAsync(ready => ready.Status == 200 && said.Any(what => ready.DescriptionOf("windows").Contains(what, StringComparison.Ordinal)))
            .WaitAsync(NoHang, TimeProvider.System, Token);

        await (killed ? cluster.Nodes[1].StartAgainAsync() : cluster.Nodes[1].ResumeAsync());
        await cluster.UntilWholeAsync();
        await Eventually.IsTrueAsync(async () => (await service.PostAsync("/v1/events", Event(4, lost[0]).Json())).Status == 202);
    }

    [Fact]
    public async Task ServerThatDoesNotAnswerHoldsUpNoneOfTheOthersUsersThoughItsOwnAreDue()
    {
        await using var cluster = await RedisCluster.StartAsync();
        cluster.MayHang = true;
        using var redis = new RedisConnection(cluster.ConnectionString);
        using var stores = TestStores.Redis(redis, TimeProvider.System);
        var users = Enumerable.Range(0, 400).Select(u => $"u{u}").ToList();
        await stores.Windows.AppendAsync([.. users.Select(u => Event(1, u))], Token);
        var lost = (await UsersOfAsync(cluster, cluster.Nodes[1])).ToHashSet();

        await cluster.Nodes[1].PauseAsync();
        var claimed = new HashSet<string>();
        for (var round = 0; claimed.Count < users.Count - lost.Count; round++)
        {
            Assert.True(round < 40, $"{claimed.Count} of {users.Count - lost.Count} after {round} rounds");
            claimed.UnionWith(await ClaimAsync(stores.Queue).WaitAsync(NoHang, TimeProvider.System, Token));
        }

        // A claim that was given up may still be carried out by a server that wakes: its users come when that lease ends.
        await cluster.Nodes[1].ResumeAsync();
        await Eventually.IsTrueAsync(async () =>
        {
            claimed.UnionWith(await ClaimAsync(stores.Queue));
            return claimed.Count == users.Count;
        });

        static async Task<IEnumerable<string>> ClaimAsync(IDueQueue queue) =>
            (await queue.ClaimDueAsync(64, TimeSpan.FromSeconds(10), Token)).Select(c => c.UserId);
    }

    private static async Task IsRefusedInTimeAsync(TestService service, string user)
    {
        var posted = await InTimeAsync(service.PostAsync("/v1/events", Event(2, user).Json()), 503);
        Assert.True(posted.Headers.ContainsKey("Retry-After"));
        var known = await InTimeAsync(service.GetAsync($"/v1/users/{user}/profile"), 200);
        Assert.True(known.Json.GetProperty("freshness").GetProperty("stale").GetBoolean()); // nobody can tell what it lacks
    }

    private static async Task<Reply> InTimeAsync(Task<Reply> replying, int status)
    {
        var reply = await replying.WaitAsync(NoHang, TimeProvider.System, Token);
        Assert.Equal(status, reply.Status);
        return reply;
    }

    private static async Task<List<string>> UsersOfAsync(RedisCluster cluster, RedisServer server)
    {
        using var redis = new RedisConnection(cluster.ConnectionString);
        var keys = redis.Primaries.Single(s => s.EndPoint!.ToString()!.EndsWith($":{server.Port}", StringComparison.Ordinal)).KeysAsync(pattern: "{p*}:w:*");
        return await keys.Select(key => RedisWindowKeys.UserOf(key)).ToListAsync(Token);
    }
}
