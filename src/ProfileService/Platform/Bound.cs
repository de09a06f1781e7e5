namespace ProfileService.Platform;

/// <summary>How much of something may be held at a time; whoever asks for more is refused at once, unless nobody else holds any.</summary>
internal sealed class Bound(long most)
{
    private long _held;

    public long Most => most;

    public long Held => Interlocked.Read(ref _held);

    /// <summary>False, and nothing is taken, if it would be more than <see cref="Most"/>.</summary>
    /// <param name="own">What the caller holds already: one alone may go over the bound, or what is too large by itself would never pass.</param>
    public bool TryTake(long amount = 1, long own = 0)
    {
        var now = Interlocked.Add(ref _held, amount);
        if (now <= most || now == own + amount)
            return true;
        Give(amount);
        return false;
    }

    /// <summary>Gives back what was taken.</summary>
    public void Give(long amount = 1) => Interlocked.Add(ref _held, -amount);
}
