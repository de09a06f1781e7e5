using ProfileService.Platform;
using ProfileService.Windows.Redis.Layout;
using ProfileService.Windows.Redis.Read;

namespace ProfileService.Windows.Redis;

/// <summary>Windows under any id in Redis.</summary>
internal sealed class RedisAliasWindows(
    RedisConnection redis, RedisPartitions partitions, RedisWindowKeys keys, RedisWindowReader reader, AlteredWindows altered)
    : IAliasWindows
{
    public static readonly string Drop = RedisScript.Load(typeof(RedisAliasWindows), ["drop_same.lua"]);

    public async Task<AliasWindow?> FindAsync(string userId, CancellationToken cancellationToken) =>
        await reader.ReadValueAsync(userId) is { } value
            ? new AliasWindow(altered.Decode(userId, reader.Read(userId, value))!, value)
            : null;

    public async Task<bool> DropAsync(string userId, AliasWindow found, CancellationToken cancellationToken) =>
        (int)await redis.Database.ScriptEvaluateAsync(
            Drop, [keys.Window(userId), .. keys.Due(partitions.Of(userId))], [userId, found.Value]) == 1;
}
