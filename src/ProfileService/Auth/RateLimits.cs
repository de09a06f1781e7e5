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
    private const int MinBurst = 1_000;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(2); // of a Redis that does not respond

    private readonly PartitionedRateLimiter<Bucket> _own = PartitionedRateLimiter.Create<Bucket, Bucket>(bucket =>
        RateLimitPartition.GetTokenBucketLimiter(bucket, b => new TokenBucketRateLimiterOptions
        {
            TokenLimit = b.Burst,
            TokensPerPeriod = b.Rate,
            ReplenishmentPeriod = Period,
        }));

    private readonly PartitionedRateLimiter<Bucket>? _shared;
    private readonly LargestBatches _largest;
    private readonly TimeProvider _time;
    private long _failedAt; // timestamp of Redis's last failure; 0 if there was none

    public RateLimits(LargestBatches largest, TimeProvider time, RedisConnection? redis = null) =>
        (_largest, _time, _shared) = (largest, time, redis is null ? null : Shared(redis));

    public ValueTask<TimeSpan?> TakeRequestAsync(CallerRates caller, CancellationToken cancellationToken) =>
        TakeAsync(caller.Id, "requests", caller.Requests, 1, caller.Requests, cancellationToken);

    public ValueTask<TimeSpan?> TakeEventsAsync(CallerRates caller, int count, CancellationToken cancellationToken) =>
        TakeAsync(caller.Id, "events", caller.Events, count, Burst(caller.Events, _largest.Events), cancellationToken);

    public ValueTask<TimeSpan?> TakeUsersAsync(CallerRates caller, int count, CancellationToken cancellationToken) =>
        TakeAsync(caller.Id, "users", caller.Users, count, Burst(caller.Users, _largest.Users), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _own.DisposeAsync();
        if (_shared is not null)
            await _shared.DisposeAsync();
    }

    private static int Burst(int rate, int largest) => Math.Max(Math.Max(MinBurst, largest), rate);

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

    /// <summary>Whether Redis failed a moment ago: then no request waits for it, as it may have to at several limits.</summary>
    private bool IsAway => Volatile.Read(ref _failedAt) is not 0 and var failed && _time.GetElapsedTime(failed) < RetryInterval;

    private async ValueTask<RateLimitLease> AcquireAsync(Bucket bucket, int count, CancellationToken cancellationToken)
    {
        if (_shared is null || IsAway)
            return _own.AttemptAcquire(bucket, count);
        try
        {
            return await _shared.AcquireAsync(bucket, count, cancellationToken);
        }
        catch (Exception e) when (StoreFailure.IsOfRedis(e))
        {
            Volatile.Write(ref _failedAt, _time.GetTimestamp());
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

/// <summary>How many entries one request may have.</summary>
/// <param name="Events">Events of a JSON array.</param>
/// <param name="Users">Users of a batch lookup.</param>
internal sealed record LargestBatches(int Events, int Users);
