using System.Numerics;

namespace ProfileService.Platform;

/// <summary>
/// Histogram of latencies with a resolution of 3 %. Threads may record at the same time; recording neither allocates nor waits.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int Fine = 32; // buckets per power of two
    private const int FineBits = 5;

    private readonly long[] _counts = new long[(64 - FineBits) * Fine];

    private long _max;

    public long Count => _counts.Sum();

    /// <summary>The longest latency, exactly.</summary>
    public TimeSpan Max => new(Volatile.Read(ref _max));

    public void Record(TimeSpan latency)
    {
        Interlocked.Increment(ref _counts[BucketOf(Math.Max(0, latency.Ticks))]);
        RaiseMax(latency.Ticks);
    }

    /// <summary>Adds what another one has; nobody may record here meanwhile.</summary>
    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < _counts.Length; i++)
            _counts[i] += other._counts[i];
        RaiseMax(other._max);
    }

    /// <summary>The latency below which a share of the recorded ones lies; 0 if none was recorded.</summary>
    public TimeSpan Percentile(double share)
    {
        var count = Count;
        var below = (long)Math.Ceiling(share * count);
        for (var i = 0; i < _counts.Length; i++)
        {
            below -= _counts[i];
            if (below <= 0 && count > 0)
                return TimeSpan.FromTicks(MiddleOf(i));
        }

        return TimeSpan.Zero;
    }

    private void RaiseMax(long ticks)
    {
        var max = Volatile.Read(ref _max);
        while (ticks > max && Interlocked.CompareExchange(ref _max, ticks, max) is var found && found != max)
            max = found;
    }

    private static int BucketOf(long ticks)
    {
        if (ticks < Fine)
            return (int)ticks;
        var power = BitOperations.Log2((ulong)ticks) - FineBits;
        return ((power + 1) * Fine) + (int)(ticks >> power) - Fine;
    }

    private static long MiddleOf(int bucket)
    {
        if (bucket < Fine)
            return bucket;
        var power = (bucket / Fine) - 1;
        return ((long)((bucket % Fine) + Fine) << power) + ((1L << power) / 2);
    }
}
