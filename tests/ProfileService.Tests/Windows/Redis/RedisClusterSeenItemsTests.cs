using ProfileService.Windows;

namespace ProfileService.Tests.Windows.Redis;

[Needs(Need.Server)]
[Collection("cluster")]
public sealed class RedisClusterSeenItemsTests(TestServers servers) : SeenItemsContract
{
    private protected override Task<TestStores> CreateAsync(TimeProvider time, WindowOptions options) =>
        TestStores.OnClusterAsync(servers, time, options);
}
