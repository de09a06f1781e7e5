using System.Text;
using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Tests.Windows.Redis;

/// <summary>The contract of texts that go, on a single Redis.</summary>
[Needs(Need.Server)]
public sealed class RedisTextRemovalTests(TestServers servers) : TextRemovalContract, IDisposable
{
    private RedisConnection? _redis;

    public void Dispose() => _redis?.Dispose();

    private protected override async Task<TestStores> CreateAsync(TimeProvider time, WindowOptions options)
    {
        var server = await servers.RedisAsync();
        _redis = new RedisConnection(server.ConnectionString(server.TakeDatabase()));
        return TestStores.Redis(_redis, time, options);
    }

    /// <summary>Every window with its key.</summary>
    private protected override async Task<byte[]> ReadAllAsync()
    {
        var all = new List<byte>();
        await foreach (var key in _redis!.Primaries[0].KeysAsync(_redis.Database.Database, "*:w:*"))
            all.AddRange([.. Encoding.UTF8.GetBytes(key.ToString()), .. (byte[])(await _redis.Database.StringGetAsync(key))!]);
        return [.. all];
    }
}
