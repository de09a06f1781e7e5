using ProfileService.Windows;

namespace ProfileService.Tests.Windows.Redis;

/// <summary>The contract of the due queue on a Redis Cluster.</summary>
[Needs(Need.Server)]
[Collection("cluster")]
public sealed class RedisClusterDueQueueTests(TestServers servers) : DueQueueContract
{
    private protected override Task<TestStores> CreateAsync(TimeProvider time, WindowOptions options) =>
        TestStores.OnClusterAsync(servers, time, options);
}
