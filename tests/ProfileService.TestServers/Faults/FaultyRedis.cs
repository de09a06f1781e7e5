using ProfileService.TestServers.Common;
using ProfileService.TestServers.Redis;

namespace ProfileService.TestServers.Faults;

/// <summary>A Redis as durable as a deployment's, and the network to it.</summary>
/// <param name="network">Null where clients reach it directly, as the nodes of a cluster.</param>
internal sealed class FaultyRedis(RedisServer server, TcpProxy? network) : IAsyncDisposable
{
    /// <summary>Each write is on disk before it is acknowledged.</summary>
    public static readonly string[] Durable = ["--appendonly", "yes", "--appendfsync", "always"];

    public RedisServer Server => server;

    public TcpProxy Network => network ?? throw new InvalidOperationException("This server has no proxy before it.");

    /// <param name="smallDisk">Whether its disk can be filled.</param>
    public static async Task<FaultyRedis> StartAsync(bool smallDisk)
    {
        var server = smallDisk ? await RedisServer.StartOnSmallDiskAsync(Durable) : await RedisServer.StartAsync(Durable);
        server.MayHang = true;
        return new FaultyRedis(server, new TcpProxy(server.Port));
    }

    public Task<string> AskAsync(string command) => RedisLine.SendAsync(server.Port, command);

    public Task SetAsync(string setting, string value) => AskAsync($"CONFIG SET {setting} {value}");

    /// <summary>Makes it a replica and returns when it has all that the primary has.</summary>
    public async Task FollowAsync(FaultyRedis primary)
    {
        await AskAsync($"REPLICAOF 127.0.0.1 {primary.Server.Port}");
        await Eventually.IsTrueAsync(async () =>
            (await AskAsync("INFO replication")).Contains("master_link_status:up", StringComparison.Ordinal));
    }

    public async Task<bool> IsPrimaryAsync() => (await AskAsync("ROLE")).Contains("master", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        if (network is not null)
            await network.DisposeAsync();
        await server.DisposeAsync();
    }
}
