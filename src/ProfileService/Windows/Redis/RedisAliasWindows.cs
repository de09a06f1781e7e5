using ProfileService.Platform;
using ProfileService.Windows.Redis.Append;
using ProfileService.Windows.Redis.Layout;
using ProfileService.Windows.Redis.Read;
using StackExchange.Redis;

namespace ProfileService.Windows.Redis;

/// <summary>Windows under any id in Redis.</summary>
internal sealed class RedisAliasWindows(
    RedisConnection redis,
    RedisPartitions partitions,
    RedisWindowKeys keys,
    RedisWindowReader reader,
    RedisSeenItems seen,
    RedisCommitter committer,
    WindowAppender rules,
    AlteredWindows altered) : IAliasWindows
{
    public static readonly string Drop = RedisScript.Load(typeof(RedisAliasWindows), ["drop_same.lua"]);

    public async Task<AliasWindow?> FindAsync(string userId, CancellationToken cancellationToken) =>
        await reader.ReadValueAsync(userId) is { } value
            ? new AliasWindow(altered.Decode(userId, reader.Read(userId, value))!, value, await seen.FindAsync(userId))
            : null;

    public Task<SeenItems?> FindSeenAsync(string userId, CancellationToken cancellationToken) => seen.FindAsync(userId);

    public async Task<bool> AddSeenAsync(string userId, SeenItems other, ErasureMark? mark, CancellationToken cancellationToken)
    {
        var isSame = false;
        await committer.ChangeAsync(userId, (window, found) =>
        {
            isSame = found == mark;
            return new WindowChange(null, isSame ? rules.Merge(userId, window, other) : null);
        }, cancellationToken);
        return isSame;
    }

    public Task<bool> DropAsync(string userId, AliasWindow found, CancellationToken cancellationToken) =>
        DropAsync(userId, found.Value, found.Seen?.Filter ?? default);

    public async Task DropUnreadableAsync(string userId, CancellationToken cancellationToken)
    {
        while (await reader.ReadValueAsync(userId) is { } value && altered.TryDecode(userId, reader.Read(userId, value)!) is null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var filter = await redis.Database.StringGetAsync(keys.Seen(userId), CommandFlags.DemandMaster);
            if (await DropAsync(userId, value, filter.IsNull ? RedisValue.EmptyString : filter))
                return;
        }
    }

    private async Task<bool> DropAsync(string userId, byte[] value, RedisValue filter) =>
        (int)await redis.Database.ScriptEvaluateAsync(
            Drop,
            [keys.Window(userId), .. keys.Due(partitions.Of(userId)), keys.Seen(userId)],
            [userId, value, filter]) == 1;
}
