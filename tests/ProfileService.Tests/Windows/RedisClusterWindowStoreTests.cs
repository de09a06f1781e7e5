using Microsoft.Extensions.Options;
using ProfileService.Platform;
using ProfileService.Tests.Servers;
using ProfileService.Windows;

namespace ProfileService.Tests.Windows;

/// <summary>The contract on a Redis Cluster of three servers, emptied before each test.</summary>
[Collection("cluster")]
public sealed class RedisClusterWindowStoreTests(TestServers servers) : WindowStoreContract, IAsyncLifetime
{
    private RedisConnection? _redis;

    public async ValueTask InitializeAsync()
    {
        var cluster = await servers.ClusterAsync();
        await cluster.FlushAsync();
        _redis = new RedisConnection(cluster.ConnectionString);
    }

    public ValueTask DisposeAsync()
    {
        _redis?.Dispose();
        return ValueTask.CompletedTask;
    }

    private protected override IWindowStore CreateStore(IOptions<WindowOptions> options, TimeProvider time) =>
        TestStores.Redis(_redis!, time, options.Value);
}
