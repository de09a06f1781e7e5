using System.Collections.Concurrent;

namespace ProfileService.Sentiment;

/// <summary>
/// A cache of scores by the hash of their text: two generations of up to <paramref name="generation"/> scores each. When the young one is
/// full, it replaces the old one, whose scores are dropped unless they were read since. A text without a score is null.
/// </summary>
internal sealed class ScoreMemory(int generation = ScoreMemory.Generation)
{
    /// <summary>Scores per generation; both take about 10 MB.</summary>
    public const int Generation = 100_000;

    private readonly Lock _turning = new();
    private ConcurrentDictionary<ulong, float?> _young = new();
    private ConcurrentDictionary<ulong, float?> _old = new();
    private int _count; // of _young, whose own Count takes all its locks

    public bool TryGet(ulong hash, out float? score)
    {
        if (Volatile.Read(ref _young).TryGetValue(hash, out score))
            return true;
        if (!Volatile.Read(ref _old).TryGetValue(hash, out score))
            return false;
        Keep(hash, score);
        return true;
    }

    public void Keep(ulong hash, float? score)
    {
        if (!Volatile.Read(ref _young).TryAdd(hash, score) || Interlocked.Increment(ref _count) < generation)
            return;
        lock (_turning)
        {
            if (_count < generation)
                return; // another thread has replaced it
            Volatile.Write(ref _old, _young);
            Volatile.Write(ref _young, new());
            _count = 0;
        }
    }
}
