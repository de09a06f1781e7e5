using System.Buffers;

namespace ProfileService.Dimensions;

/// <summary>The events of several windows, oldest first, in one pooled array.</summary>
internal sealed class DimensionEvents : IDisposable
{
    private readonly DimensionEvent[] _events;
    private readonly int[] _starts; // of each window, and the end of the last

    /// <param name="counts">Number of events of each window.</param>
    public DimensionEvents(IEnumerable<int> counts)
    {
        List<int> starts = [0];
        foreach (var count in counts)
            starts.Add(starts[^1] + count);
        _starts = [.. starts];
        _events = ArrayPool<DimensionEvent>.Shared.Rent(starts[^1]);
    }

    /// <summary>Those of all windows.</summary>
    public Span<DimensionEvent> All => _events.AsSpan(0, _starts[^1]);

    /// <summary>Those of a window.</summary>
    public Span<DimensionEvent> Of(int window) => _events.AsSpan(_starts[window].._starts[window + 1]);

    /// <summary>Position in <see cref="All"/> of a window's first event.</summary>
    public int StartOf(int window) => _starts[window];

    public void Dispose() => ArrayPool<DimensionEvent>.Shared.Return(_events, clearArray: true);
}
