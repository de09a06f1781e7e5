namespace ProfileService.Windows;

/// <summary>Event timestamps: microseconds since 1970-01-01T00:00:00Z; finer parts are cut off.</summary>
internal static class EventTime
{
    public static long FromUtc(DateTime utc) => (utc.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static long Microseconds(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    public static DateTime ToUtc(long timestamp) => DateTime.UnixEpoch.AddTicks(timestamp * TimeSpan.TicksPerMicrosecond);
}
