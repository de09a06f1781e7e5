using System.Runtime.CompilerServices;
using ProfileService.Platform;
using ProfileService.Windows.Redis.Layout;
using ProfileService.Windows.Redis.Read;
using StackExchange.Redis;

namespace ProfileService.Windows.Redis.Erase;

/// <summary>Erases users from Redis: the window, what was met, the due entry and any claim, in one step with the mark.</summary>
internal sealed class RedisWindowEraser(
    RedisConnection redis,
    RedisPartitions partitions,
    RedisWindowKeys keys,
    RedisMarks marks,
    RedisWindowReader reader,
    RedisWindowScan scan,
    RedisPartitionGuard guard,
    UserHash hashes,
    WindowAppender rules) : IWindowEraser
{
    public static readonly string Erase = RedisScript.Load(typeof(RedisWindowEraser), ["erase.lua"], typeof(RedisWindowLayout));
    public static readonly string Restore = RedisScript.Load(typeof(RedisWindowEraser), ["restore.lua"], typeof(ErasureMark));
    public static readonly string Confirm = RedisScript.Load(typeof(RedisWindowEraser), ["confirm.lua"]);

    private const int MarksPerScript = 500;

    public async Task<ErasedWindow> EraseAsync(
        string userId, long order, ErasureMark least, IReadOnlyList<string> copies, CancellationToken cancellationToken)
    {
        await guard.LookAsync(); // a start that could not ask may not know yet
        guard.ThrowIfWrong();
        var partition = partitions.Of(userId);
        marks.Learn(partition);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (value, found) = (await reader.ReadValueAsync(userId), await marks.FindAsync(redis.Database, userId));
            if (ErasureMark.From(found) is { } mark && mark.Order == order && mark.ErasedBefore >= least.ErasedBefore)
                return new ErasedWindow(mark, 0, 0);
            var window = RedisWindowValue.Read(userId, value);
            var erased = rules.Erase(userId, window, ErasureMark.From(found), order, least);
            if (await TryEraseAsync(userId, partition, value, found, erased.Mark, copies) is > 0 and var deleted)
                return erased with { Copies = deleted - 1 };
        }
    }

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

    public async Task<ErasureMark?> FindMarkAsync(string userId, CancellationToken cancellationToken) =>
        ErasureMark.From(await marks.FindAsync(redis.Database, userId));

    public async IAsyncEnumerable<IReadOnlyList<LedgerMark>> ReadMarksAsync([EnumeratorCancellation] CancellationToken cancellationToken)
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

    public IAsyncEnumerable<IReadOnlyList<string>> ReadUsersAsync(CancellationToken cancellationToken) =>
        scan.ReadPagesAsync(cancellationToken);

    public Task PurgeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Nothing: RedisFiles rewrites Redis's files, which also hold the cached profiles.</summary>
    public Task RewriteAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public (int Partition, int Partitions) PlaceOf(string userId) => (partitions.Of(userId), partitions.Count);

    private async Task<int> TryEraseAsync(
        string userId, int partition, byte[]? value, byte[] found, ErasureMark mark, IReadOnlyList<string> copies) =>
        (int)await redis.Database.ScriptEvaluateAsync(
            Erase,
            [keys.Window(userId), .. keys.Due(partition), marks.KeyOf(partition), keys.Seen(userId, partition), .. copies],
            [userId, RedisWindowValue.VersionKeyOf(value), hashes.Of(userId), found, mark.ToBytes()]);

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
