using ProfileService.Platform;
using ProfileService.Windows.Redis.Layout;
using StackExchange.Redis;

namespace ProfileService.Windows.Redis;

/// <summary>
/// Checks whether Redis accepts events by a similar write: a script with the commands of an append, on separate keys in one partition of
/// each server. The keys belong to no window and no due user, and expire after 10 s.
/// </summary>
/// <param name="remembersSeen">See <see cref="WindowOptions.RememberSeen"/>.</param>
internal sealed class RedisProbe(RedisConnection redis, RedisPartitions partitions, bool remembersSeen, TimeProvider time)
{
    public static readonly string Script = RedisScript.Load(typeof(RedisProbe), ["probe.lua"], typeof(RedisWindowKeys));

    /// <summary>Longest wait for one server, so that it does not delay the result of the others.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1.5);

    private const int TtlMs = 10_000;
    private const int NoPartition = -1; // subscribers ignore it

    /// <summary>The address of each server, and why it accepts no events; null if it accepts them.</summary>
    public Task<(string Server, Exception? Failure)[]> RunAsync() => Task.WhenAll(Targets().Select(p => TryAsync(p.Server, p.Partition)));

    /// <summary>A partition of each server of a cluster; partition 0 if there is only one server, or if none is reachable.</summary>
    private IEnumerable<(string Server, int Partition)> Targets()
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
            RedisKey[] keys = [tag.Append(":probe"), tag.Append(":probe-due"), ErasureMark.KeyOf(partitions.Tag(partition))];
            await redis.Database.ScriptEvaluateAsync(Script, keys, [TtlMs, NoPartition, remembersSeen]).WaitAsync(LongestWait, time);
            return (server, null);
        }
        catch (Exception e) when (StoreFailure.IsOfRedis(e))
        {
            return (server, e);
        }
    }
}
