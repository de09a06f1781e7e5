namespace ProfileService.Dimensions;

/// <summary>Sessions: runs of events with no pause longer than 30 minutes, the usual limit in web analytics.</summary>
internal static class Sessions
{
    private const long MaxPause = 30L * 60 * 1_000_000; // µs

    public static int Count(ReadOnlySpan<DimensionEvent> events)
    {
        var count = events.Length > 0 ? 1 : 0;
        for (var i = 1; i < events.Length; i++)
            count += IsFirst(events, i) ? 1 : 0;
        return count;
    }

    public static ReadOnlySpan<DimensionEvent> Last(ReadOnlySpan<DimensionEvent> events)
    {
        var first = events.Length - 1;
        while (first > 0 && !IsFirst(events, first))
            first--;
        return events[Math.Max(first, 0)..];
    }

    private static bool IsFirst(ReadOnlySpan<DimensionEvent> events, int i) => events[i].Timestamp - events[i - 1].Timestamp > MaxPause;
}
