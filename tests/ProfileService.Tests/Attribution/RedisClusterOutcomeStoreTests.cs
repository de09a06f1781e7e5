using ProfileService.Attribution;
using ProfileService.Platform;

namespace ProfileService.Tests.Attribution;

/// <summary>The contract of counts on a Redis Cluster.</summary>
[Needs(Need.Server)]
[Collection("cluster")]
public sealed class RedisClusterOutcomeStoreTests(TestServers servers) : OutcomeStoreContract
{
    private RedisConnection? _redis;

    public override ValueTask DisposeAsync()
    {
        _redis?.Dispose();
        return ValueTask.CompletedTask;
    }

    private protected override async Task<IOutcomeStore> CreateAsync()
    {
        var cluster = await servers.ClusterAsync();
        await cluster.FlushAsync();
        return new RedisOutcomeStore(_redis = new RedisConnection(cluster.ConnectionString));
    }
}
