using System.Numerics;

namespace ProfileService.Cli.Load;

/// <summary>
/// Histogram of latencies with a resolution of 3 %. Recording does not allocate. Not thread-safe: each thread has its own, and they are
/// added up at the end.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int Fine = 32; // buckets per power of two
    private const int FineBits = 5;

    private readonly long[] _counts = new long[(64 - FineBits) * Fine];

    public long Count { get; private set; }

    /// <summary>The longest latency, exactly.</summary>
    public TimeSpan Max { get; private set; }

    public void Record(TimeSpan latency)
    {
        if (latency > Max)
            Max = latency;
        _counts[BucketOf(Math.Max(0, latency.Ticks))]++;
        Count++;
    }

    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < _counts.Length; i++)
            _counts[i] += other._counts[i];
        Count += other.Count;
        if (other.Max > Max)
            Max = other.Max;
    }

    /// <summary>The latency below which a share of the recorded ones lies; 0 if none was recorded.</summary>
    public TimeSpan Percentile(double share)
    {
        var below = (long)Math.Ceiling(share * Count);
        for (var i = 0; i < _counts.Length; i++)
        {
            below -= _counts[i];
            if (below <= 0 && Count > 0)
                return TimeSpan.FromTicks(MiddleOf(i));
        }

        return TimeSpan.Zero;
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
