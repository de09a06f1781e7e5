using ProfileService.Windows;

namespace ProfileService.Tests.Windows.Redis;

/// <summary>The contract of windows on a Redis Cluster.</summary>
[Needs(Need.Server)]
[Collection("cluster")]
public sealed class RedisClusterWindowStoreTests(TestServers servers) : WindowStoreContract
{
    private protected override Task<TestStores> CreateAsync(TimeProvider time, WindowOptions options) =>
        TestStores.OnClusterAsync(servers, time, options);
}
