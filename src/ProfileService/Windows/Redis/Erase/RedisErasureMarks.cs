using System.Runtime.CompilerServices;
using ProfileService.Platform;
using StackExchange.Redis;

namespace ProfileService.Windows.Redis.Erase;

/// <summary>Reads, restores and confirms the marks of erased users in Redis.</summary>
internal sealed class RedisErasureMarks(RedisConnection redis, RedisPartitions partitions, RedisMarks marks) : IErasureMarks
{
    public static readonly string Restore = RedisScript.Load(typeof(RedisErasureMarks), ["restore.lua"], typeof(ErasureMark));
    public static readonly string Confirm = RedisScript.Load(typeof(RedisErasureMarks), ["confirm.lua"]);

    private const int MarksPerScript = 500;

    public async Task<IReadOnlyList<string>> RestoreAsync(IReadOnlyList<LedgerMark> given, CancellationToken cancellationToken)
    {
        var set = await EachPartitionAsync(given, (partition, some) => RunAsync(Restore, partition, [.. some.SelectMany(WithHash)]));
        return [.. set.SelectMany(reply => (string[])reply!).Distinct()];

        static RedisValue[] WithHash(LedgerMark m) => [m.UserHash, m.Restored.ToBytes()];
    }

    public Task ConfirmAsync(IReadOnlyList<LedgerMark> given, CancellationToken cancellationToken)
    {
        return EachPartitionAsync(given, (partition, some) => RunAsync(Confirm, partition, [.. some.SelectMany(WithHash)]));

        static RedisValue[] WithHash(LedgerMark m) => [m.UserHash, m.Restored.ToBytes(), m.Mark.ToBytes()];
    }

    public async Task<ErasureMark?> FindAsync(string userId, CancellationToken cancellationToken) =>
        ErasureMark.From(await marks.FindAsync(redis.Database, userId));

    public async IAsyncEnumerable<IReadOnlyList<LedgerMark>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var exist = await Task.WhenAll(Enumerable.Range(0, partitions.Count).Select(p => redis.Database.KeyExistsAsync(marks.KeyOf(p))));
        for (var partition = 0; partition < partitions.Count; partition++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!exist[partition])
                continue;
            marks.Learn(partition);
            var found = await redis.Database.HashGetAllAsync(marks.KeyOf(partition));
            yield return
            [
                .. from entry in found
                   let mark = ErasureMark.From(entry.Value)
                   where mark is not null
                   select new LedgerMark(entry.Name!, partition, partitions.Count, mark.Value),
            ];
        }
    }

    public (int Partition, int Partitions) PlaceOf(string userId) => (partitions.Of(userId), partitions.Count);

    private IEnumerable<int> PartitionsOf(LedgerMark mark) =>
        mark.Partitions == partitions.Count ? [mark.Partition] : Enumerable.Range(0, partitions.Count);

    private Task<RedisResult[]> EachPartitionAsync(IReadOnlyList<LedgerMark> given, Func<int, LedgerMark[], Task<RedisResult>> run)
    {
        var calls = from mark in given
                    from partition in PartitionsOf(mark)
                    group mark by partition into ofPartition
                    from chunk in ofPartition.Chunk(MarksPerScript)
                    select run(ofPartition.Key, chunk);
        return Task.WhenAll(calls);
    }

    private Task<RedisResult> RunAsync(string script, int partition, RedisValue[] arguments)
    {
        marks.Learn(partition);
        return redis.Database.ScriptEvaluateAsync(script, [marks.KeyOf(partition)], arguments);
    }
}
