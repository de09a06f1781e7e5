namespace ProfileService.Platform;

/// <summary>Limits how much of a resource is held at the same time. A caller that would exceed the limit is refused at once.</summary>
internal sealed class Bound(long max)
{
    private long _held;

    public long Max => max;

    public long Held => Interlocked.Read(ref _held);

    /// <summary>Acquires an amount; returns false, and acquires nothing, if more than <see cref="Max"/> would be held.</summary>
    /// <param name="own">
    /// Amount that the caller holds already. A caller may exceed the limit while it is the only one; otherwise a request that is larger
    /// than the limit would never pass.
    /// </param>
    public bool TryAcquire(long amount = 1, long own = 0)
    {
        var now = Interlocked.Add(ref _held, amount);
        if (now <= max || now == own + amount)
            return true;
        Release(amount);
        return false;
    }

    /// <summary>Releases an acquired amount.</summary>
    public void Release(long amount = 1) => Interlocked.Add(ref _held, -amount);
}
