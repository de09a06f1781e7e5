using System.Text.Json;
using ProfileService.Platform;

namespace ProfileService.Tests.Privacy;

/// <summary>Windows and cached profiles in a Redis Cluster: users of every node are erased, each in its own slot.</summary>
[Needs(Need.Server)]
[Collection("cluster")]
public sealed class ClusterErasureTests(TestServers servers) : ServiceToEraseFrom
{
    private static readonly string[] Users = [.. Enumerable.Range(0, 24).Select(i => $"canary-{i}-of-the-cluster")];

    private string _redis = ""; // as one who may look at every key

    [Fact]
    public async Task NoNodeKeepsAKeyOfUsersWhoAreErased()
    {
        foreach (var user in Users)
            await FillAsync(user);
        using var redis = new RedisConnection(_redis);
        Assert.Equal(3, await CountNodesWithKeysAsync(redis, "*:profile:*")); // the users' places are spread
        var reply = await Service.PostAsync("/v1/erasures", JsonSerializer.Serialize(new { userIds = Users }));
        var receipt = await GoneAsync(reply.Json.GetProperty("receipt").GetString()!);
        var removed = receipt.GetProperty("removed");
        Assert.Equal((Users.Length, Users.Length), (removed.GetProperty("windows").GetInt32(), removed.GetProperty("cachedProfiles").GetInt32()));
        Assert.Equal(0, await CountNodesWithKeysAsync(redis, "*canary*"));
        foreach (var user in Users)
            Assert.Equal(1, (await Service.PostAsync("/v1/events", EventAt(-1, user).Json())).Json.GetProperty("erased").GetInt32());
    }

    private protected override async Task<TestService> StartAsync()
    {
        var cluster = await servers.ClusterAsync();
        await cluster.FlushAsync();
        _redis = cluster.TesterConnectionString;
        return new TestService(
            ("ConnectionStrings:Redis", cluster.ConnectionString),
            ("ConnectionStrings:Postgres", await (await servers.PostgresAsync()).CreateDatabaseAsync()));
    }

    private static async Task<int> CountNodesWithKeysAsync(RedisConnection redis, string pattern)
    {
        var nodes = 0;
        foreach (var node in redis.Primaries)
            nodes += await node.KeysAsync(pattern: pattern).AnyAsync(Token) ? 1 : 0;
        return nodes;
    }
}
