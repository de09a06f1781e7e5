using ProfileService.Platform;
using ProfileService.Windows.Redis.Layout;
using StackExchange.Redis;

namespace ProfileService.Windows.Redis;

/// <summary>
/// Finds out whether Redis takes events, by a write of the same way: a script with the commands of appends, on
/// keys of its own in a partition of each server. Nobody's window, and nobody due, is among them; they are gone after some seconds.
/// </summary>
internal sealed class RedisProbe(RedisConnection redis, RedisPartitions partitions, TimeProvider time)
{
    /// <summary>For one server, so that it keeps none of the others waiting.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1.5);

    private const int TtlMs = 10_000;
    private const int NoPartition = -1; // what is published is passed over by those who listen

    /// <summary>
    /// KEYS a string and a sorted set. ARGV TTL in ms, the number to publish. A set that somebody else put there as something else is no
    /// reason to fail: appends do not use it.
    /// </summary>
    public const string Script = $"""
        redis.call('SET', KEYS[1], 'a window', 'PX', ARGV[1])
        redis.call('SETRANGE', KEYS[1], '0', redis.call('GETRANGE', KEYS[1], '0', '0'))
        redis.call('GET', KEYS[1])
        redis.call('EXISTS', KEYS[1])
        redis.call('PEXPIRE', KEYS[1], ARGV[1])
        local added = redis.pcall('ZADD', KEYS[2], 'NX', '0', 'nobody')
        if type(added) ~= 'table' then
            redis.call('PEXPIRE', KEYS[2], ARGV[1])
            redis.call('ZCARD', KEYS[2])
        elseif not added.err:find('WRONGTYPE') then
            return added
        end
        return redis.call('PUBLISH', '{RedisWindowKeys.DueChannel}', ARGV[2])
        """;

    /// <summary>Each server's address, and why it takes no events, or null where it does.</summary>
    public Task<(string Server, Exception? Failure)[]> RunAsync() => Task.WhenAll(Places().Select(p => TryAsync(p.Server, p.Partition)));

    /// <summary>A partition of each server of a cluster; any where there is but one server, or none can be reached.</summary>
    private IEnumerable<(string Server, int Partition)> Places()
    {
        var servers = Enumerable.Range(0, partitions.Count)
            .Select(p => (Server: redis.ServerOf(partitions.Tag(p)) is { } server ? EndPointCollection.ToString(server) : "", Partition: p))
            .Where(p => p.Server.Length > 0)
            .DistinctBy(p => p.Server)
            .ToList();
        return servers.Count > 0 ? servers : [(redis.Serving is { } serving ? EndPointCollection.ToString(serving) : redis.ToString(), 0)];
    }

    private async Task<(string Server, Exception? Failure)> TryAsync(string server, int partition)
    {
        try
        {
            RedisKey tag = partitions.Tag(partition);
            RedisKey[] keys = [tag.Append(":probe"), tag.Append(":probe-due")];
            await redis.Database.ScriptEvaluateAsync(Script, keys, [TtlMs, NoPartition]).WaitAsync(LongestWait, time);
            return (server, null);
        }
        catch (Exception e) when (StoreFailure.IsOfRedis(e))
        {
            return (server, e);
        }
    }
}
