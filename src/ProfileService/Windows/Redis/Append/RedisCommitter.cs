using Microsoft.Extensions.Options;
using ProfileService.Platform;
using ProfileService.Windows.Codec;
using ProfileService.Windows.Redis.Due;
using ProfileService.Windows.Redis.Layout;
using ProfileService.Windows.Redis.Read;

namespace ProfileService.Windows.Redis.Append;

/// <summary>Stores a changed window if the stored one has not changed meanwhile, and makes its user due.</summary>
internal sealed class RedisCommitter(
    RedisConnection redis,
    RedisPartitions partitions,
    RedisWindowKeys keys,
    RedisWindowReader reader,
    DuePartitions due,
    DueSignal signal,
    IOptions<WindowOptions> options,
    TimeProvider time)
{
    /// <summary>Changes a window. The function receives null if there is no window, and returns null for no change.</summary>
    public async Task ChangeAsync(string userId, Func<EncodedWindow?, EncodedWindow?> change, CancellationToken cancellationToken) =>
        await ChangeAsync(userId, await reader.ReadValueAsync(userId), change, cancellationToken);

    /// <param name="value">The stored value as the caller last read it.</param>
    public async Task ChangeAsync(
        string userId, byte[]? value, Func<EncodedWindow?, EncodedWindow?> change, CancellationToken cancellationToken)
    {
        while (change(reader.Read(userId, value)) is { } changed && !await TryCommitAsync(userId, value, changed))
        {
            cancellationToken.ThrowIfCancellationRequested();
            value = await reader.ReadValueAsync(userId);
        }
    }

    /// <summary>Returns false, and stores nothing, if <paramref name="value"/> is no longer what is stored.</summary>
    public Task<bool> TryCommitAsync(string userId, byte[]? value, EncodedWindow changed)
    {
        var now = time.GetUtcNow();
        return TryCommitAsync(userId, value, RedisWindowValue.Change(userId, value, changed, now.ToUnixTimeMilliseconds()), now);
    }

    public async Task<bool> TryCommitAsync(string userId, byte[]? value, RedisWindowWrite write, DateTimeOffset now)
    {
        var partition = partitions.Of(userId);
        var outcome = (int)await redis.Database.ScriptEvaluateAsync(
            RedisAppendScripts.Commit,
            keys.Append(userId, partition),
            [
                userId, now.ToUnixTimeMilliseconds(), RedisTtl.Of(options.Value), RedisWindowValue.StampOf(value),
                write.Start, write.TailAt, write.Tail,
            ]);
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
