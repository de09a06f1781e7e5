using ProfileService.TestServers.Redis;

namespace ProfileService.TestServers.Faults;

/// <summary>A Redis and its replica, each behind a network of its own. They change places, and what was not replicated is lost.</summary>
internal sealed class RedisPair : IAsyncDisposable
{
    private FaultyRedis _primary;
    private FaultyRedis _replica;

    private RedisPair(FaultyRedis primary, FaultyRedis replica) => (_primary, _replica) = (primary, replica);

    /// <summary>As the service's user.</summary>
    public string ConnectionString => $"127.0.0.1:{_primary.Network.Port},127.0.0.1:{_replica.Network.Port},{RedisUsers.Service}";

    public static async Task<RedisPair> StartAsync()
    {
        var pair = new RedisPair(await FaultyRedis.StartAsync(smallDisk: false), await FaultyRedis.StartAsync(smallDisk: false));
        await pair.FollowAsync();
        return pair;
    }

    /// <summary>Cuts the replica off: from now on it gets nothing of what the primary acknowledges.</summary>
    public async Task PartAsync()
    {
        await _replica.Network.CutAsync();
        await _replica.AskAsync("REPLICAOF NO ONE");
    }

    /// <summary>The primary dies, and the replica that was cut off takes its place.</summary>
    public async Task FailOverAsync()
    {
        await KillAsync();
        (_primary, _replica) = (_replica, _primary);
        _primary.Network.Open();
    }

    /// <summary>The primary dies, and comes back with what is in its append-only file.</summary>
    public async Task RestartAsync()
    {
        await KillAsync();
        await _primary.Server.StartAgainAsync();
        _primary.Network.Open();
    }

    /// <summary>The one that is no primary follows the other, also if it died.</summary>
    public async Task FollowAsync()
    {
        if (_replica.Server.HasEnded)
            await _replica.Server.StartAgainAsync();
        foreach (var server in (FaultyRedis[])[_primary, _replica])
            await server.SetAsync("repl-diskless-sync-delay", "0");
        await _replica.FollowAsync(_primary);
        _replica.Network.Open(); // only now: a second primary would take in what is then thrown away
    }

    public async ValueTask DisposeAsync()
    {
        await _primary.DisposeAsync();
        await _replica.DisposeAsync();
    }

    private async Task KillAsync()
    {
        await _primary.Network.CutAsync();
        await _primary.Server.KillAsync();
    }
}
