using ProfileService.Platform;
using ProfileService.Windows.Redis.Layout;
using ProfileService.Windows.Redis.Read;

namespace ProfileService.Windows.Redis.Erase;

/// <summary>Erases users from Redis: the window, what was met, the due entry and any claim, in one step with the mark.</summary>
internal sealed class RedisWindowEraser(
    RedisConnection redis,
    RedisPartitions partitions,
    RedisWindowKeys keys,
    RedisMarks marks,
    RedisWindowReader reader,
    RedisPartitionGuard guard,
    UserHash hashes,
    WindowAppender rules) : IWindowEraser
{
    public static readonly string Erase = RedisScript.Load(typeof(RedisWindowEraser), ["erase.lua"], typeof(RedisWindowLayout));

    public async Task<ErasedWindow> EraseAsync(
        string userId, WindowErasure erasure, ErasureMark least, IReadOnlyList<string> copies, CancellationToken cancellationToken)
    {
        await guard.LookAsync(); // a start that could not ask may not know yet
        guard.ThrowIfWrong();
        var partition = partitions.Of(userId);
        marks.Learn(partition);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (value, found) = (await reader.ReadValueAsync(userId), await marks.FindAsync(redis.Database, userId));
            if (ErasureMark.From(found) is { } mark && erasure.IsDone(mark, least))
                return new ErasedWindow(mark, 0, 0);
            var window = RedisWindowValue.Read(userId, value);
            var erased = rules.Erase(userId, window, ErasureMark.From(found), erasure.Order, least);
            if (await TryEraseAsync(userId, partition, value, found, erased.Mark, copies) is > 0 and var deleted)
                return erased with { Copies = deleted - 1 };
        }
    }

    public Task PurgeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Nothing: RedisFiles rewrites Redis's files, which also hold the cached profiles.</summary>
    public Task RewriteAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<int> TryEraseAsync(
        string userId, int partition, byte[]? value, byte[] found, ErasureMark mark, IReadOnlyList<string> copies) =>
        (int)await redis.Database.ScriptEvaluateAsync(
            Erase,
            [keys.Window(userId), .. keys.Due(partition), marks.KeyOf(partition), keys.Seen(userId, partition), .. copies],
            [userId, RedisWindowValue.VersionKeyOf(value), hashes.Of(userId), found, mark.ToBytes()]);
}
