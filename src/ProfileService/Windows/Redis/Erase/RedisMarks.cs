using ProfileService.Platform;
using StackExchange.Redis;

namespace ProfileService.Windows.Redis.Erase;

/// <summary>
/// The marks of erased users in Redis: a hash for each partition. A script asks whether its partitions have any, and for a user's mark only
/// if they do. For that it needs the hash of the id, which is computed only for partitions that are known to have marks.
/// </summary>
internal sealed class RedisMarks(RedisPartitions partitions, UserHash hashes)
{
    private readonly RedisKey[] _keys =
        [.. Enumerable.Range(0, partitions.Count).Select(p => (RedisKey)ErasureMark.KeyOf(partitions.Tag(p)))];
    private readonly bool[] _haveMarks = new bool[partitions.Count]; // never reset: where no mark is left, it costs a hash per call

    public RedisKey KeyOf(int partition) => _keys[partition];

    /// <summary>Records that a partition has marks.</summary>
    public void Learn(int partition) => Volatile.Write(ref _haveMarks[partition], true);

    /// <summary>The hash of the id as a script takes it; empty if the partition is not known to have marks.</summary>
    public RedisValue HashFor(string userId, int partition) =>
        Volatile.Read(ref _haveMarks[partition]) ? hashes.Of(userId) : RedisValue.EmptyString;

    /// <summary>The user's mark as stored; empty if there is none.</summary>
    public async Task<byte[]> FindAsync(IDatabase redis, string userId)
    {
        var partition = partitions.Of(userId);
        if (!Volatile.Read(ref _haveMarks[partition]) && await redis.KeyExistsAsync(_keys[partition], CommandFlags.DemandMaster))
            Learn(partition);
        return HashFor(userId, partition) is { IsNullOrEmpty: false } hash
            ? (byte[]?)await redis.HashGetAsync(_keys[partition], hash, CommandFlags.DemandMaster) ?? []
            : [];
    }
}
