[assembly: AssemblyFixture(typeof(ProfileService.Tests.TestServers))]

namespace ProfileService.Tests;

/// <summary>The servers that all tests share, each started when a test first asks. A test that kills or pauses a server starts its own.</summary>
public sealed class TestServers : IAsyncDisposable
{
    private readonly Lazy<Task<RedisServer>> _redis = new(() => RedisServer.StartAsync());
    private readonly Lazy<Task<RedisCluster>> _cluster = new(() => RedisCluster.StartAsync("--cluster-node-timeout", "60000"));
    private readonly Lazy<Task<PostgresServer>> _postgres = new(() => PostgresServer.StartAsync());

    internal Task<RedisServer> RedisAsync() => _redis.Value;

    internal Task<RedisCluster> ClusterAsync() => _cluster.Value;

    internal Task<PostgresServer> PostgresAsync() => _postgres.Value;

    public async ValueTask DisposeAsync()
    {
        await EndAsync(_redis);
        await EndAsync(_cluster);
        await EndAsync(_postgres);
    }

    private static async Task EndAsync<T>(Lazy<Task<T>> server) where T : IAsyncDisposable
    {
        if (server is { IsValueCreated: true, Value.IsFaulted: false })
            await (await server.Value).DisposeAsync();
    }
}
