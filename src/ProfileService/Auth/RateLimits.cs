using System.Threading.RateLimiting;
using ProfileService.Platform;
using RedisRateLimiting;

namespace ProfileService.Auth;

/// <summary>
/// Token buckets of each caller: for requests, events and users looked up. They are in Redis if there is one, so that all processes share
/// them; while Redis does not respond, each process has its own.
/// </summary>
internal sealed class RateLimits : IAsyncDisposable
{
    // A bucket holds a second's worth, but at least a whole batch of entries, which could never pass otherwise.
    private const int LeastBurst = 1_000;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly PartitionedRateLimiter<Bucket> _own = PartitionedRateLimiter.Create<Bucket, Bucket>(bucket =>
        RateLimitPartition.GetTokenBucketLimiter(bucket, b => new TokenBucketRateLimiterOptions
        {
            TokenLimit = b.Burst,
            TokensPerPeriod = b.Rate,
            ReplenishmentPeriod = Period,
        }));

    private readonly PartitionedRateLimiter<Bucket>? _shared;

    public RateLimits(RedisConnection? redis = null) => _shared = redis is null ? null : Shared(redis);

    public ValueTask<TimeSpan?> TakeRequestAsync(CallerRates caller, CancellationToken cancellationToken) =>
        TakeAsync(caller.Id, "requests", caller.Requests, 1, caller.Requests, cancellationToken);

    public ValueTask<TimeSpan?> TakeEventsAsync(CallerRates caller, int count, CancellationToken cancellationToken) =>
        TakeAsync(caller.Id, "events", caller.Events, count, Math.Max(LeastBurst, caller.Events), cancellationToken);

    public ValueTask<TimeSpan?> TakeUsersAsync(CallerRates caller, int count, CancellationToken cancellationToken) =>
        TakeAsync(caller.Id, "users", caller.Users, count, Math.Max(LeastBurst, caller.Users), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _own.DisposeAsync();
        if (_shared is not null)
            await _shared.DisposeAsync();
    }

    /// <summary>Takes tokens; if there are too few, takes none and returns when to try again.</summary>
    private async ValueTask<TimeSpan?> TakeAsync(
        string caller, string what, int rate, int count, int burst, CancellationToken cancellationToken)
    {
        if (rate == 0 || count == 0)
            return null;
        var bucket = new Bucket(caller, what, rate, burst);
        using var lease = await AcquireAsync(bucket, Math.Min(count, burst), cancellationToken);
        return lease.IsAcquired ? null : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Period;
    }

    private async ValueTask<RateLimitLease> AcquireAsync(Bucket bucket, int count, CancellationToken cancellationToken)
    {
        if (_shared is null)
            return _own.AttemptAcquire(bucket, count);
        try
        {
            return await _shared.AcquireAsync(bucket, count, cancellationToken);
        }
        catch (Exception e) when (StoreFailure.IsOfRedis(e))
        {
            return _own.AttemptAcquire(bucket, count);
        }
    }

    private static PartitionedRateLimiter<Bucket> Shared(RedisConnection redis) => PartitionedRateLimiter.Create<Bucket, string>(bucket =>
        RedisRateLimitPartition.GetTokenBucketRateLimiter($"{bucket.Caller}:{bucket.What}", _ => new RedisTokenBucketRateLimiterOptions
        {
            ConnectionMultiplexerFactory = () => redis.Multiplexer,
            TokenLimit = bucket.Burst,
            TokensPerPeriod = bucket.Rate,
            ReplenishmentPeriod = Period,
        }));

    private sealed record Bucket(string Caller, string What, int Rate, int Burst);
}
