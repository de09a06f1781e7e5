using Microsoft.Extensions.Options;
using ProfileService.Platform;
using StackExchange.Redis;

namespace ProfileService.Windows.Redis;

/// <summary>Stores the number of partitions in Redis, and refuses any other: no window would be found with it.</summary>
internal sealed class RedisPartitionGuard(RedisConnection redis, IOptions<WindowOptions> options)
{
    // profiles:partitions → the number, in decimal
    private static readonly RedisKey Key = "profiles:partitions";

    /// <exception cref="OptionsValidationException">Redis holds windows in another number of partitions.</exception>
    public async Task CheckAsync()
    {
        var (partitions, ttl) = (options.Value.Partitions, options.Value.IdleTtl);
        var found = await redis.Database.StringGetSetExpiryAsync(Key, ttl); // first, because a full Redis refuses every SET
        if (!found.HasValue && !await redis.Database.StringSetAsync(Key, partitions, ttl, When.NotExists))
            found = await redis.Database.StringGetAsync(Key); // another process was first
        if (found.HasValue && found != partitions)
        {
            throw new OptionsValidationException("Windows", typeof(WindowOptions),
            [
                $"Windows:Partitions is {partitions}, but this Redis holds windows in {found} partitions. Set it to {found}, " +
                "or use another Redis and rebuild the windows there.",
            ]);
        }
    }
}
