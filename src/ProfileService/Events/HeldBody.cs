namespace ProfileService.Events;

/// <summary>What one request has buffered: once it is large, it counts against <see cref="IngestLimits"/>.</summary>
internal sealed class HeldBody(IngestLimits limits) : IDisposable
{
    private IDisposable? _large;

    /// <exception cref="ProfileService.Hosting.OverloadedException">It grew large, and too many large ones are held already.</exception>
    public void Grow(long bytes)
    {
        if (bytes > IngestLimits.SmallBodyBytes)
            _large ??= limits.HoldLargeBody();
    }

    public void Dispose() => _large?.Dispose();
}
