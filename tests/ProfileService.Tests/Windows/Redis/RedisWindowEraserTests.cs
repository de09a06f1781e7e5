using ProfileService.Windows;

namespace ProfileService.Tests.Windows.Redis;

/// <summary>The contract of erasures on a single Redis.</summary>
[Needs(Need.Server)]
public sealed class RedisWindowEraserTests(TestServers servers) : WindowEraserContract
{
    private protected override Task<TestStores> CreateAsync(TimeProvider time, WindowOptions options) =>
        TestStores.OnRedisAsync(servers, time, options);
}
