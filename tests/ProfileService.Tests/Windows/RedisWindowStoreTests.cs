using Microsoft.Extensions.Options;
using ProfileService.Platform;
using ProfileService.Tests.Servers;
using ProfileService.Windows;

namespace ProfileService.Tests.Windows;

/// <summary>The contract on a single Redis; each test has a database of its own.</summary>
public sealed class RedisWindowStoreTests(TestServers servers) : WindowStoreContract, IAsyncLifetime
{
    private RedisConnection? _redis;

    public async ValueTask InitializeAsync()
    {
        var server = await servers.RedisAsync();
        _redis = new RedisConnection(server.ConnectionString(server.TakeDatabase()));
    }

    public ValueTask DisposeAsync()
    {
        _redis?.Dispose();
        return ValueTask.CompletedTask;
    }

    private protected override IWindowStore CreateStore(IOptions<WindowOptions> options, TimeProvider time) =>
        TestStores.Redis(_redis!, time, options.Value);
}
