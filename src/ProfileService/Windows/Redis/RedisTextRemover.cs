using ProfileService.Platform;
using ProfileService.Windows.Redis.Layout;
using ProfileService.Windows.Redis.Read;

namespace ProfileService.Windows.Redis;

/// <summary>Removes old texts from windows in Redis.</summary>
internal sealed class RedisTextRemover(RedisConnection redis, RedisWindowKeys keys, RedisWindowReader reader, AlteredWindows altered)
{
    public static readonly string Replace = RedisScript.Load(typeof(RedisTextRemover), ["replace.lua"], typeof(RedisWindowLayout));

    /// <summary>See <see cref="IWindowStore.RemoveTextsAsync"/>.</summary>
    public async Task<bool> RemoveAsync(string userId, TextRemoval removal, CancellationToken cancellationToken)
    {
        while (await reader.ReadValueAsync(userId) is { } value && Without(removal, userId, value) is { } changed)
        {
            if (await TryReplaceAsync(userId, value, changed))
                return true;
            cancellationToken.ThrowIfCancellationRequested();
        }

        return false;
    }

    private byte[]? Without(TextRemoval removal, string userId, byte[] value) =>
        reader.Read(userId, value) is { } found && altered.TryDecode(userId, found) is { } window
            ? RedisWindowValue.WithoutTexts(userId, value, window, removal)
            : null;

    /// <summary>Returns false, and stores nothing, if the value is no longer what is stored.</summary>
    private async Task<bool> TryReplaceAsync(string userId, byte[] value, byte[] changed) =>
        (int)await redis.Database.ScriptEvaluateAsync(
            Replace, [keys.Window(userId)], [RedisWindowValue.VersionKeyOf(value), changed]) == 1;
}
