using System.Text.RegularExpressions;
using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Windows.Redis;

/// <summary>What the service's user of deploy/redis/users.conf reaches while a cluster moves a slot from one node to another.</summary>
[Needs(Need.Server)]
[Collection("cluster")]
public sealed partial class MovingSlotTests(TestServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WindowIsReadWhereverItsKeyIsByThen()
    {
        using var stores = await TestStores.OnClusterAsync(servers, TimeProvider.System, new WindowOptions());
        await stores.Windows.AppendAsync([Event(1, "ada")], Token);
        var cluster = await servers.ClusterAsync();
        var (from, key) = await FindAsync(cluster, "w:ada");
        var to = cluster.Nodes.First(node => node != from);
        var slot = Number().Match(await RedisLine.SendAsync(from.Port, $"CLUSTER KEYSLOT {key}")).Groups[1].Value;
        try
        {
            await RedisLine.SendAsync(to.Port, $"CLUSTER SETSLOT {slot} IMPORTING {await IdAsync(from)}");
            await RedisLine.SendAsync(from.Port, $"CLUSTER SETSLOT {slot} MIGRATING {await IdAsync(to)}");
            Assert.NotNull(await stores.Windows.FindAsync("ada", Token));
            await RedisLine.SendAsync(
                from.Port, $"MIGRATE 127.0.0.1 {to.Port} {key} 0 60000 AUTH2 {RedisUsers.TesterName} {RedisUsers.Password}");
            Assert.Equal(1, (await stores.Windows.FindAsync("ada", Token))?.Window.Events.Count);
            Assert.NotNull((await stores.Windows.FindRevisionsAsync(["ada"], Token))[0]);
        }
        finally
        {
            foreach (var node in (RedisServer[])[from, to])
            {
                await RedisLine.SendAsync(node.Port, $"CLUSTER SETSLOT {slot} STABLE");
                await RedisLine.SendAsync(node.Port, "FLUSHALL");
            }
        }
    }

    private static async Task<(RedisServer Node, string Key)> FindAsync(RedisCluster cluster, string suffix)
    {
        foreach (var node in cluster.Nodes)
        {
            if (Key().Match(await RedisLine.SendAsync(node.Port, $"KEYS {{*}}:{suffix}")) is { Success: true } key)
                return (node, key.Value);
        }

        throw new InvalidOperationException($"No node has a key that ends in {suffix}.");
    }

    private static async Task<string> IdAsync(RedisServer node) => Id().Match(await RedisLine.SendAsync(node.Port, "CLUSTER MYID")).Value;

    [GeneratedRegex(@"\{p\d+\}:[^\r\n]+")]
    private static partial Regex Key();

    [GeneratedRegex(@"^:(\d+)")]
    private static partial Regex Number();

    [GeneratedRegex("[0-9a-f]{40}")]
    private static partial Regex Id();
}
