using ProfileService.Platform;
using ProfileService.Windows.Redis.Layout;
using StackExchange.Redis;

namespace ProfileService.Windows.Redis.Read;

/// <summary>Reads the items that users met.</summary>
internal sealed class RedisSeenItems(RedisConnection redis, RedisWindowKeys keys)
{
    public async Task<SeenItems?> FindAsync(string userId) =>
        SeenItems.From(await redis.Database.StringGetAsync(keys.Seen(userId), CommandFlags.DemandMaster));
}
