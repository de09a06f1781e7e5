using ProfileService.Platform;

namespace ProfileService.Intake;

/// <summary>
/// What one request holds of its body, read and not yet stored: once it is large, it counts against <see cref="IngestLimits.Bodies"/>.
/// </summary>
/// <param name="bytesOfAByte">Memory that it takes for each byte that is read.</param>
internal sealed class HeldBody(IngestLimits limits, int bytesOfAByte = 1) : IDisposable
{
    private long _counted;

    /// <exception cref="OverloadedException">All requests together hold too much.</exception>
    public void Grow(long bytes)
    {
        if (!TryGrow(bytes))
            throw BodyLimits.TooMany();
    }

    /// <summary>False if all requests together would hold too much.</summary>
    public bool TryGrow(long bytes)
    {
        var more = (bytes * bytesOfAByte) - BodyLimits.FreeBytes - _counted;
        if (more <= 0)
            return true;
        if (!limits.Bodies.TryTake(more, _counted))
            return false;
        _counted += more;
        return true;
    }

    /// <summary>What was held is stored.</summary>
    public void Release()
    {
        limits.Bodies.Give(_counted);
        _counted = 0;
    }

    public void Dispose() => Release();
}
