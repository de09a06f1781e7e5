namespace ProfileService.Platform;

/// <summary>Event timestamps: microseconds since 1970-01-01T00:00:00Z; finer fractions are truncated.</summary>
internal static class EventTime
{
    /// <summary>Earliest year that an event's timestamp may have.</summary>
    public const int FirstYear = 1970;

    /// <summary>The first microsecond of <see cref="FirstYear"/>.</summary>
    public const long Earliest = 0;

    /// <summary>The last microsecond of the year 9999.</summary>
    public const long Latest = 253_402_300_799_999_999;

    public static long FromUtc(DateTime utc) => (utc.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static long Microseconds(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    public static DateTime ToUtc(long timestamp) => DateTime.UnixEpoch.AddTicks(timestamp * TimeSpan.TicksPerMicrosecond);
}
