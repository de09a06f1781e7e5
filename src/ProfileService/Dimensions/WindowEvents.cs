using System.Buffers;

namespace ProfileService.Dimensions;

/// <summary>The events of several windows, oldest first, in one pooled array.</summary>
internal sealed class WindowEvents : IDisposable
{
    private readonly DimensionEvent[] _events;
    private readonly int[] _begins; // of each window, and the end of the last

    /// <param name="counts">Number of events of each window.</param>
    public WindowEvents(IEnumerable<int> counts)
    {
        List<int> begins = [0];
        foreach (var count in counts)
            begins.Add(begins[^1] + count);
        _begins = [.. begins];
        _events = ArrayPool<DimensionEvent>.Shared.Rent(begins[^1]);
    }

    /// <summary>Those of all windows.</summary>
    public Span<DimensionEvent> All => _events.AsSpan(0, _begins[^1]);

    /// <summary>Those of a window.</summary>
    public Span<DimensionEvent> Of(int row) => _events.AsSpan(_begins[row].._begins[row + 1]);

    /// <summary>Position in <see cref="All"/> of a window's first event.</summary>
    public int BeginOf(int row) => _begins[row];

    public void Dispose() => ArrayPool<DimensionEvent>.Shared.Return(_events, clearArray: true);
}
