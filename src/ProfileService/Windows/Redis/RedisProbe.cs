using ProfileService.Platform;
using ProfileService.Windows.Redis.Layout;
using StackExchange.Redis;

namespace ProfileService.Windows.Redis;

/// <summary>
/// Finds out whether Redis takes events, by a write of the same kind: a script with the commands of an append, on keys of its own in a
/// partition of each server. They are neither a window nor a due user, and expire after some seconds.
/// </summary>
internal sealed class RedisProbe(RedisConnection redis, RedisPartitions partitions, TimeProvider time)
{
    public static readonly string Script = RedisScript.Load(typeof(RedisProbe), ["probe.lua"], typeof(RedisWindowKeys));

    /// <summary>For one server, so that it keeps none of the others waiting.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1.5);

    private const int TtlMs = 10_000;
    private const int NoPartition = -1; // what is published is passed over by those who listen

    /// <summary>Each server's address, and why it takes no events; null if it does.</summary>
    public Task<(string Server, Exception? Failure)[]> RunAsync() => Task.WhenAll(Places().Select(p => TryAsync(p.Server, p.Partition)));

    /// <summary>A partition of each server of a cluster; any partition if there is only one server, or none can be reached.</summary>
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
