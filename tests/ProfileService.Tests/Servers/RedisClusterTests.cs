using StackExchange.Redis;

namespace ProfileService.Tests.Servers;

[Needs(Need.Server)]
public sealed class RedisClusterTests(TestServers servers)
{
    [Fact]
    public async Task ClusterServesEverySlot()
    {
        var cluster = await servers.ClusterAsync();
        await using var client = await ConnectionMultiplexer.ConnectAsync(cluster.TesterConnectionString);
        RedisKey[] keys = [.. Enumerable.Range(0, 1000).Select(number => (RedisKey)$"every-slot:{number}")];

        var written = await Task.WhenAll(keys.Select(key => client.GetDatabase().StringSetAsync(key, "value", TimeSpan.FromMinutes(1))));

        Assert.All(written, Assert.True);
        Assert.Equal(3, keys.Select(key => client.GetDatabase().IdentifyEndpoint(key)).Distinct().Count());
    }

    [Fact]
    public async Task ClusterIsWholeAgainWhenAKilledNodeIsBack()
    {
        await using var cluster = await RedisCluster.StartAsync();

        await cluster.Nodes[1].KillAsync();
        await cluster.Nodes[1].StartAgainAsync();
        await cluster.UntilWholeAsync();

        await cluster.FlushAsync();
    }
}
