using System.ComponentModel.DataAnnotations;
using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Dimensions;

/// <summary>
/// When and how much a user does: recency, frequency and value (RFM, as in Hughes, Strategic Database Marketing, 1994), and rhythm. Times
/// are UTC.
/// </summary>
/// <param name="LastEventAt">Timestamp of the newest event.</param>
/// <param name="RecencyDays">Days from the newest event to when the profile was computed.</param>
/// <param name="Events">Number of events in the window.</param>
/// <param name="EventsPerDay">Events ÷ days from the oldest to the newest one, which count as at least 1.</param>
/// <param name="Sessions">Number of runs of events with no pause longer than 30 minutes.</param>
/// <param name="ValueSum">Sum of the purchases' values; left out if none has a value.</param>
/// <param name="Hours">Share of the events in each hour of the day, from 0 h to 23 h.</param>
/// <param name="Weekdays">Share of the events on each day of the week, from Monday to Sunday.</param>
/// <param name="FirstEventAt">
/// Timestamp of the oldest event of the window; left out of profiles stored before there was this field.
/// </param>
internal sealed record Activity(
    DateTime LastEventAt,
    [Range(0d, double.PositiveInfinity)] double RecencyDays,
    int Events,
    [Range(0d, double.PositiveInfinity)] double EventsPerDay,
    int Sessions,
    double? ValueSum,
    [Length(24, 24)] double[] Hours,
    [Length(7, 7)] double[] Weekdays,
    DateTime? FirstEventAt)
{
    public static Activity? Of(ReadOnlySpan<DimensionEvent> events, DateTime computedAt)
    {
        if (events.IsEmpty)
            return null;
        var (oldest, newest) = (EventTime.ToUtc(events[0].Timestamp), EventTime.ToUtc(events[^1].Timestamp));
        var (hours, weekdays, value) = (new int[24], new int[7], (double?)null);
        foreach (ref readonly var e in events)
        {
            var at = EventTime.ToUtc(e.Timestamp);
            hours[at.Hour]++;
            weekdays[((int)at.DayOfWeek + 6) % 7]++;
            if (e is { Kind: EventKinds.Purchase, Value: { } paid })
                value = Added(value ?? 0, paid);
        }

        return new Activity(
            newest,
            Rounded.Of(Math.Max(0, (computedAt - newest).TotalDays)),
            events.Length,
            Rounded.Of(events.Length / Math.Max(1, (newest - oldest).TotalDays)),
            Dimensions.Sessions.Count(events),
            value is { } sum ? Rounded.Of(sum) : null,
            Shares(hours, events.Length),
            Shares(weekdays, events.Length),
            oldest);
    }

    // Values may be as great as a double can be, and JSON has no number for infinity.
    private static double Added(double sum, double value) => Math.Clamp(sum + value, double.MinValue, double.MaxValue);

    private static double[] Shares(int[] counts, int all) => Array.ConvertAll(counts, c => Rounded.Of((double)c / all));
}
