using ProfileService.Windows;

namespace ProfileService.Tests.Windows.Redis;

[Needs(Need.Server)]
public sealed class RedisSeenItemsTests(TestServers servers) : SeenItemsContract
{
    private protected override Task<TestStores> CreateAsync(TimeProvider time, WindowOptions options) =>
        TestStores.OnRedisAsync(servers, time, options);
}
