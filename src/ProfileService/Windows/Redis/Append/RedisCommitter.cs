using Microsoft.Extensions.Options;
using ProfileService.Platform;
using ProfileService.Windows.Codec;
using ProfileService.Windows.Redis.Due;
using ProfileService.Windows.Redis.Erase;
using ProfileService.Windows.Redis.Layout;
using ProfileService.Windows.Redis.Read;
using StackExchange.Redis;

namespace ProfileService.Windows.Redis.Append;

/// <summary>Stores a changed window if the stored one has not changed meanwhile, and makes its user due.</summary>
internal sealed class RedisCommitter(
    RedisConnection redis,
    RedisPartitions partitions,
    RedisWindowKeys keys,
    RedisWindowReader reader,
    RedisMarks marks,
    RedisPartitionGuard guard,
    DuePartitions due,
    DueSignal signal,
    IOptions<WindowOptions> options,
    TimeProvider time)
{
    /// <summary>Changes a window. The function receives null if there is no window, and the user's mark if the user was erased.</summary>
    public async Task ChangeAsync(
        string userId, Func<EncodedWindow?, ErasureMark?, WindowChange> change, CancellationToken cancellationToken)
    {
        var (finding, reading) = (marks.FindAsync(redis.Database, userId), reader.ReadValueAsync(userId));
        await ChangeAsync(userId, await reading, await finding, change, cancellationToken);
    }

    /// <param name="value">The stored value as the caller last read it.</param>
    /// <param name="mark">The user's mark, likewise; empty if there is none.</param>
    public async Task ChangeAsync(
        string userId,
        byte[]? value,
        byte[] mark,
        Func<EncodedWindow?, ErasureMark?, WindowChange> change,
        CancellationToken cancellationToken)
    {
        while (change(reader.Read(userId, value), ErasureMark.From(mark)) is { IsNone: false } changed
            && !await TryCommitAsync(userId, value, mark, changed))
        {
            cancellationToken.ThrowIfCancellationRequested();
            (value, mark) = (await reader.ReadValueAsync(userId), await marks.FindAsync(redis.Database, userId));
        }
    }

    /// <summary>Returns false, and stores nothing, if the value or the mark is no longer what is stored.</summary>
    public Task<bool> TryCommitAsync(string userId, byte[]? value, byte[] mark, WindowChange change)
    {
        var now = time.GetUtcNow();
        var write = change.Window is { } window
            ? RedisWindowValue.Change(userId, value, window, now.ToUnixTimeMilliseconds())
            : RedisWindowWrite.None;
        return TryCommitAsync(userId, value, mark, write, change.Met, now);
    }

    public async Task<bool> TryCommitAsync(
        string userId, byte[]? value, byte[] mark, RedisWindowWrite write, MetItems? met, DateTimeOffset now)
    {
        guard.ThrowIfWrong();
        var partition = partitions.Of(userId);
        RedisKey[] seen = options.Value.RememberSeen || met is not null ? [keys.Seen(userId, partition)] : [];
        var outcome = (int)await redis.Database.ScriptEvaluateAsync(
            RedisAppendScripts.Commit,
            [.. keys.Append(userId, partition), marks.KeyOf(partition), .. seen],
            [
                userId, now.ToUnixTimeMilliseconds(), RedisTtl.Of(options.Value), RedisWindowValue.VersionKeyOf(value),
                write.Start, write.TailAt, write.Tail, marks.HashFor(userId, partition), mark,
                met?.Positions ?? [], met?.Whole ?? default,
            ]);
        if (outcome == RedisAppendScripts.NeedsHash)
            marks.Learn(partition);
        if (outcome == 1)
            NoteDue(partition, now);
        return outcome >= 0;
    }

    /// <summary>Records that a user of the partition became due.</summary>
    public void NoteDue(int partition, DateTimeOffset now)
    {
        due.Add(partition, now.ToUnixTimeMilliseconds());
        signal.Raise();
    }
}
