using ProfileService.Windows;

namespace ProfileService.Tests.Windows.Redis;

/// <summary>The contract of the due queue on a single Redis.</summary>
[Needs(Need.Server)]
public sealed class RedisDueQueueTests(TestServers servers) : DueQueueContract
{
    private protected override Task<TestStores> CreateAsync(TimeProvider time, WindowOptions options) =>
        TestStores.OnRedisAsync(servers, time, options);
}
