using Microsoft.Extensions.Options;
using ProfileService.Platform;
using ProfileService.Windows.Redis.Layout;
using ProfileService.Windows.Redis.Read;

namespace ProfileService.Windows.Redis;

/// <summary>
/// Drops idle windows. Redis itself drops windows when their TTL ends. This class is needed after <see cref="WindowOptions.IdleTtl"/> was
/// shortened, because the TTL of a window is set when it changes.
/// </summary>
internal sealed class RedisIdleWindows(
    RedisConnection redis,
    RedisPartitions partitions,
    RedisWindowKeys keys,
    RedisPartitionGuard guard,
    RedisWindowReader reader,
    RedisWindowScan scan,
    IOptions<WindowOptions> options,
    TimeProvider time)
{
    public static readonly string Drop = RedisScript.Load(typeof(RedisIdleWindows), ["drop.lua"], typeof(RedisWindowLayout));

    /// <summary>See <see cref="IWindowStore.DropIdleAsync"/>.</summary>
    public async Task<int> DropAsync(CancellationToken cancellationToken)
    {
        await guard.CheckAsync();
        var before = time.GetUtcNow().ToUnixTimeMilliseconds() - (long)options.Value.IdleTtl.TotalMilliseconds;
        var dropped = 0L;
        await foreach (var page in scan.ReadPagesAsync(cancellationToken))
            dropped += (await Task.WhenAll(page.Select(user => DropIfIdleAsync(user, before)))).Sum();
        return (int)dropped;
    }

    private async Task<long> DropIfIdleAsync(string userId, long before)
    {
        var window = keys.Window(userId);
        var touched = await redis.Database.StringGetRangeAsync(window, RedisWindowLayout.TouchedAt, RedisWindowLayout.EndAt - 1);
        if (!(RedisWindowValue.ReadTouched(touched) <= before)) // negated, so that a window without a time is kept
            return 0;
        if (await reader.ReadAsync(userId) is not { IsAltered: false }) // the time of an altered window may be wrong
            return 0;
        return (long)await redis.Database.ScriptEvaluateAsync(
            Drop, [window, .. keys.Due(partitions.Of(userId)), keys.Seen(userId)], [userId, touched]);
    }
}
