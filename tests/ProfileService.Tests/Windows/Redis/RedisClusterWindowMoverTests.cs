using ProfileService.Windows;

namespace ProfileService.Tests.Windows.Redis;

/// <summary>The contract of merged windows on a Redis Cluster, where both lie in different slots, mostly on different nodes.</summary>
[Needs(Need.Server)]
[Collection("cluster")]
public sealed class RedisClusterWindowMoverTests(TestServers servers) : WindowMoverContract
{
    private protected override Task<TestStores> CreateAsync(TimeProvider time, WindowOptions options) =>
        TestStores.OnClusterAsync(servers, time, options);
}
