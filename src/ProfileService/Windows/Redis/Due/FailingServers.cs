using System.Net;
using ProfileService.Platform;
using StackExchange.Redis;

namespace ProfileService.Windows.Redis.Due;

/// <summary>
/// Avoids failing servers of a cluster, with all their partitions, so that an unresponsive server does not delay the users of the others.
/// The first pause is a second; it doubles with each failure, up to half a minute.
/// </summary>
internal sealed class FailingServers(RedisConnection redis, RedisPartitions partitions, DuePartitions due)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, TimeSpan> _pauses = [];

    /// <summary>Avoids the server of a partition; returns for how long; null if it is avoided already or is the only one.</summary>
    public TimeSpan? Avoid(int partition)
    {
        if (!redis.IsCluster)
            return null;
        lock (_lock)
        {
            if (due.IsAvoided(partition))
                return null;
            var server = ServerOf(partition);
            var pause = _pauses.TryGetValue(server, out var last) ? last * 2 : FirstPause;
            _pauses[server] = pause = pause > LongestPause ? LongestPause : pause;
            Avoid(server, pause);
            return pause;
        }
    }

    /// <summary>The server of a partition answered.</summary>
    public void Answers(int partition)
    {
        if (_pauses.Count == 0)
            return;
        lock (_lock)
        {
            if (ServerOf(partition) is var server && _pauses.Remove(server))
                Avoid(server, TimeSpan.Zero);
        }
    }

    private void Avoid(string server, TimeSpan pause)
    {
        foreach (var partition in Enumerable.Range(0, partitions.Count).Where(p => ServerOf(p) == server))
            due.Avoid(partition, pause);
    }

    private string ServerOf(int partition) =>
        redis.ServerOf(partitions.Tag(partition)) is EndPoint server ? EndPointCollection.ToString(server) : "";
}
