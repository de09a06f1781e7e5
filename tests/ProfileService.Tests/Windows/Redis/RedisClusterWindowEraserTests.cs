using ProfileService.Windows;

namespace ProfileService.Tests.Windows.Redis;

/// <summary>The contract of erasures on a Redis Cluster.</summary>
[Needs(Need.Server)]
[Collection("cluster")]
public sealed class RedisClusterWindowEraserTests(TestServers servers) : WindowEraserContract
{
    private protected override Task<TestStores> CreateAsync(TimeProvider time, WindowOptions options) =>
        TestStores.OnClusterAsync(servers, time, options);
}
