using ProfileService.Platform;
using ProfileService.Windows.Codec;
using StackExchange.Redis;

namespace ProfileService.Windows.Redis;

/// <summary>
/// Reads windows' values and refuses those that were altered. The script that appends does not read the events: so one that is refused
/// is marked, and what comes to its user after that is refused too.
/// </summary>
internal sealed class RedisWindowReader(RedisConnection redis, RedisWindowKeys keys, AlteredWindows altered)
{
    public async Task<byte[]?> ReadValueAsync(string userId) => await redis.Database.StringGetAsync(keys.Window(userId), CommandFlags.DemandMaster);

    public async Task<EncodedWindow?> ReadAsync(string userId) => Read(userId, await ReadValueAsync(userId));

    public EncodedWindow? Read(string userId, byte[]? value)
    {
        var found = altered.Check(userId, RedisWindowValue.Read(userId, value));
        if (found is { IsRefused: true } && value!.Length > RedisWindowLayout.LayoutAt && value[RedisWindowLayout.LayoutAt] == RedisWindowLayout.Layout)
            redis.Database.ScriptEvaluate(RedisWindowScripts.Refuse, [keys.Window(userId)], [RedisWindowValue.StampOf(value)], CommandFlags.FireAndForget);
        return found;
    }
}
