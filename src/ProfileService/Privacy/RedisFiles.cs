using System.Globalization;
using ProfileService.Platform;
using StackExchange.Redis;

namespace ProfileService.Privacy;

/// <summary>The append-only files and snapshots of the Redis servers, replicas included.</summary>
internal sealed class RedisFiles(RedisConnection redis, TimeProvider time)
{
    private static readonly RedisKey Turn = "profiles:rewrite"; // exists for a while after a process has begun a rewrite
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);
    private const int Rounding = 2; // seconds

    /// <summary>Takes the turn to rewrite for this long; false if a process has it already.</summary>
    public Task<bool> TryTakeTurnAsync(TimeSpan duration) => redis.Database.StringSetAsync(Turn, 1, duration, When.NotExists);

    /// <summary>
    /// Has each server rewrite the files that it keeps, and waits for it. None begins while one of them cannot: the others would do it in
    /// vain, time and again.
    /// </summary>
    /// <exception cref="IOException">A rewrite failed, or a server may keep what it was not told to remove.</exception>
    public async Task RewriteAsync(CancellationToken cancellationToken)
    {
        var servers = redis.Servers.ToList();
        await Task.WhenAll(servers.Select(CheckReachedAsync));
        await Task.WhenAll(servers.Select(server => RewriteAsync(server, cancellationToken)));
    }

    private async Task RewriteAsync(IServer server, CancellationToken cancellationToken)
    {
        var state = await ReadPersistenceAsync(server);
        if (state.GetValueOrDefault("aof_enabled") == "1")
        {
            await WaitAsync(server, ["aof_rewrite_in_progress", "aof_rewrite_scheduled"], cancellationToken); // one that began before
            await server.ExecuteAsync("BGREWRITEAOF");
            await WaitAsync(server, ["aof_rewrite_in_progress", "aof_rewrite_scheduled"], cancellationToken);
            await CheckAsync(server, "aof_last_bgrewrite_status");
        }

        if (state.GetValueOrDefault("rdb_last_save_time") is { } saved && await HasSnapshotsAsync(server, saved))
        {
            await WaitAsync(server, ["rdb_bgsave_in_progress"], cancellationToken);
            await server.ExecuteAsync("BGSAVE"); // refused while another child of the server runs; INFO would not show a scheduled one
            await WaitAsync(server, ["rdb_bgsave_in_progress"], cancellationToken);
            await CheckAsync(server, "rdb_last_bgsave_status");
        }
    }

    private static async Task CheckReachedAsync(IServer server)
    {
        if (!server.IsConnected)
            throw new IOException($"{NameOf(server)} cannot be reached.");
        if ((await ReadAsync(server, "replication")).GetValueOrDefault("master_link_status") is { } said and not "up")
            throw new IOException($"{NameOf(server)} is a replica without its primary (master_link_status:{said}).");
    }

    // Redis gives the time of its start as that of the last snapshot if it has made none since.
    private static async Task<bool> HasSnapshotsAsync(IServer server, string saved)
    {
        if (await MakesSnapshotsAsync(server))
            return true;
        var info = await ReadAsync(server, "server");
        return long.Parse(saved, CultureInfo.InvariantCulture) > StartOf(info, await server.TimeAsync()) + Rounding;
    }

    /// <summary>Whether a setting makes snapshots; false if the service's user may not ask, or the connection string forbids it.</summary>
    private static async Task<bool> MakesSnapshotsAsync(IServer server)
    {
        try
        {
            return (await server.ConfigGetAsync("save")).Any(s => s.Value.Length > 0);
        }
        catch (RedisServerException e) when (e.Message.StartsWith("NOPERM", StringComparison.Ordinal))
        {
            return false;
        }
        catch (RedisCommandException)
        {
            return false;
        }
    }

    private static long StartOf(Dictionary<string, string> info, DateTime now) =>
        new DateTimeOffset(now).ToUnixTimeSeconds()
        - long.Parse(info["uptime_in_seconds"], CultureInfo.InvariantCulture);

    private async Task WaitAsync(IServer server, string[] fields, CancellationToken cancellationToken)
    {
        while (await ReadPersistenceAsync(server) is var state && fields.Any(field => state.GetValueOrDefault(field) == "1"))
            await Task.Delay(PollInterval, time, cancellationToken);
    }

    private static async Task CheckAsync(IServer server, string status)
    {
        if ((await ReadPersistenceAsync(server)).GetValueOrDefault(status) is { } said and not "ok")
            throw new IOException($"{NameOf(server)} says {status}:{said}.");
    }

    private static Task<Dictionary<string, string>> ReadPersistenceAsync(IServer server) => ReadAsync(server, "persistence");

    private static async Task<Dictionary<string, string>> ReadAsync(IServer server, string section) =>
        (await server.InfoAsync(section)).SelectMany(lines => lines).ToDictionary(p => p.Key, p => p.Value);

    private static string NameOf(IServer server) => EndPointCollection.ToString(server.EndPoint);
}
