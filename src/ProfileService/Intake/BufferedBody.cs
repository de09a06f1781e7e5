using ProfileService.Platform;

namespace ProfileService.Intake;

/// <summary>
/// The part of a request's body that is read and not yet stored. A large part counts against <see cref="IngestLimits.Bodies"/>.
/// </summary>
internal sealed class BufferedBody(IngestLimits limits) : IDisposable
{
    private long _counted;

    /// <exception cref="OverloadedException">All requests together would hold too much.</exception>
    public void Grow(long bytes)
    {
        if (!TryGrow(bytes))
            throw BodyLimits.TooMany();
    }

    /// <summary>False if all requests together would hold too much.</summary>
    public bool TryGrow(long bytes)
    {
        var more = bytes - BodyLimits.FreeBytes - _counted;
        if (more <= 0)
            return true;
        if (!limits.Bodies.TryAcquire(more, _counted))
            return false;
        _counted += more;
        return true;
    }

    /// <summary>Stops counting the bytes, after they are stored.</summary>
    public void Release()
    {
        limits.Bodies.Release(_counted);
        _counted = 0;
    }

    public void Dispose() => Release();
}
