using ProfileService.Windows;

namespace ProfileService.Tests.Windows.Redis;

/// <summary>The contract of merged windows on a single Redis.</summary>
[Needs(Need.Server)]
public sealed class RedisWindowMoverTests(TestServers servers) : WindowMoverContract
{
    private protected override Task<TestStores> CreateAsync(TimeProvider time, WindowOptions options) =>
        TestStores.OnRedisAsync(servers, time, options);
}
