using ProfileService.Platform;
using ProfileService.Windows.Codec;
using ProfileService.Windows.Redis.Layout;
using StackExchange.Redis;

namespace ProfileService.Windows.Redis.Read;

/// <summary>
/// Reads windows and refuses those that were altered. The script that appends does not read stored events; therefore a refused window is
/// marked, so that later events of its user are refused, too.
/// </summary>
internal sealed class RedisWindowReader(RedisConnection redis, RedisWindowKeys keys, AlteredWindows altered)
{
    public async Task<byte[]?> ReadValueAsync(string userId) =>
        await redis.Database.StringGetAsync(keys.Window(userId), CommandFlags.DemandMaster);

    public async Task<EncodedWindow?> ReadAsync(string userId) => Read(userId, await ReadValueAsync(userId));

    public EncodedWindow? Read(string userId, byte[]? value)
    {
        var found = altered.Check(userId, RedisWindowValue.Read(userId, value));
        if (found is { IsAltered: true } && RedisWindowValue.IsCurrent(value!))
            Refuse(userId, value!);
        return found;
    }

    /// <summary>Bytes that the window and what the user met take in Redis, their keys included; null if there is no window.</summary>
    public async Task<long?> MeasureAsync(string userId) =>
        (long?)await redis.Database.ScriptEvaluateAsync(RedisReadScripts.Measure, [keys.Window(userId), keys.Seen(userId)]);

    private void Refuse(string userId, byte[] value) => redis.Database.ScriptEvaluate(
        RedisReadScripts.Refuse, [keys.Window(userId)], [RedisWindowValue.VersionKeyOf(value)], CommandFlags.FireAndForget);
}
