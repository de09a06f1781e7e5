using ProfileService.Windows;

namespace ProfileService.Tests.Windows.Redis;

/// <summary>The contract of windows on a single Redis.</summary>
[Needs(Need.Server)]
public sealed class RedisWindowStoreTests(TestServers servers) : WindowStoreContract
{
    private protected override Task<TestStores> CreateAsync(TimeProvider time, WindowOptions options) =>
        TestStores.OnRedisAsync(servers, time, options);
}
