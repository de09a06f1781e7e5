using ProfileService.Intake;
using ProfileService.Platform;
using ProfileService.Windows.Codec;

namespace ProfileService.Windows;

/// <summary>
/// The newest events of one user, oldest first. A window depends only on the set of appended events, not on their order, repetition or
/// batches. Of two different events with the same id, the greater by (timestamp, bytes without text, text) is kept, whichever
/// was appended first. A removed text is greater than any text.
/// </summary>
internal sealed class Window(string userId, List<WindowEvent> events)
{
    public string UserId => userId;

    public IReadOnlyList<WindowEvent> Events => events;

    public static Window Empty(string userId) => new(userId, []);

    /// <summary>Inserts the event in order. <paramref name="changed"/> is true if the bytes of the window are different then.</summary>
    public Verdict Append(WindowEvent added, WindowOptions options, out bool changed)
    {
        var same = IndexOf(added);
        if (same >= 0)
        {
            changed = WindowCodec.CompareVersions(added, events[same]) > 0;
            if (changed)
            {
                events.RemoveAt(same);
                Insert(added, options);
            }

            return Verdict.Duplicate;
        }

        changed = !IsLate(added, options);
        if (!changed)
            return Verdict.Late;

        Insert(added, options);
        return Verdict.Accepted;
    }

    private int IndexOf(WindowEvent added)
    {
        for (var i = 0; i < events.Count; i++)
        {
            if (added.IsSameEventAs(events[i]))
                return i;
        }

        return -1;
    }

    private bool IsLate(WindowEvent added, WindowOptions options) =>
        events.Count > 0 &&
        (IsTooOld(added, events[^1].Timestamp, options)
         || (events.Count >= options.MaxEvents && EventOrder.Instance.Compare(added, events[^options.MaxEvents]) < 0));

    private void Insert(WindowEvent added, WindowOptions options)
    {
        var index = events.BinarySearch(added, EventOrder.Instance);
        events.Insert(index < 0 ? ~index : index, added);
        var newest = events[^1].Timestamp;
        var dropped = Math.Max(0, events.Count - options.MaxEvents);
        while (IsTooOld(events[dropped], newest, options))
            dropped++;
        events.RemoveRange(0, dropped);
    }

    // Age is counted from the user's newest event, never from the clock, so that history can be replayed.
    private static bool IsTooOld(WindowEvent e, long newest, WindowOptions options) =>
        newest - e.Timestamp > EventTime.Microseconds(options.MaxAge);
}
