using System.Globalization;
using System.Text.Json;
using ProfileService.Platform;
using ProfileService.Windows;
using ProfileService.Windows.Codec;

namespace ProfileService.TestServers.Faults;

/// <summary>
/// Compares a window with what was sent. The window is a function of the set of events that were stored: all that were promised, and
/// whichever
/// others it shows. The rules of <see cref="Window"/> over that set must give the same bytes.
/// </summary>
internal sealed class WindowCheck(WindowOptions rules)
{
    public WindowDifference Compare(SentEvents sent, string? answer)
    {
        if (answer is null)
            return new WindowDifference(Expected(sent.User, sent.Promised).Events.Count, 0);
        var window = JsonElement.Parse(answer);
        var shown = window.GetProperty("events").EnumerateArray().Select(e => new Shown(e)).ToList();
        var stored = sent.Promised.Concat(sent.All.Where(e => shown.Exists(s => s.Is(e))));
        var expected = Expected(sent.User, stored);
        return WindowCodec.Digest(expected) == window.GetProperty("digest").GetString() ? default : Differ(sent, expected, shown);
    }

    private static WindowDifference Differ(SentEvents sent, Window expected, List<Shown> shown)
    {
        var lost = expected.Events.Count(e => !shown.Exists(s => s.Is(e)));
        var invented = shown.Count(s => !sent.All.Any(s.Is)) + shown.Count(s => sent.All.Any(s.Is) && !expected.Events.Any(s.Is));
        return new WindowDifference(lost, lost + invented == 0 ? 1 : invented); // the bytes differ: something in it was never sent so
    }

    private Window Expected(string user, IEnumerable<WindowEvent> events)
    {
        var window = Window.Empty(user);
        foreach (var e in events)
            window.Append(e, rules, out _);
        return window;
    }

    /// <summary>An event as the window shows it.</summary>
    private sealed class Shown(JsonElement e)
    {
        private readonly string? _id = e.TryGetProperty("eventId", out var id) ? id.GetString() : null;
        private readonly long _time = EventTime.FromUtc(e.GetProperty("timestamp").GetDateTimeOffset().UtcDateTime);
        private readonly string _rest = Rest(e.GetProperty("kind").GetString(), e.GetProperty("itemId").GetString(),
            e.TryGetProperty("value", out var value) ? value.GetDouble() : null);

        public bool Is(WindowEvent sent) =>
            (_id is null || _id == sent.EventId) && _time == sent.Timestamp && _rest == Rest(sent.Kind, sent.ItemId, sent.Value);

        private static string Rest(string? kind, string? item, double? value) =>
            string.Create(CultureInfo.InvariantCulture, $"{kind} {item} {value}");
    }
}

/// <summary>Events that a window lacks, and those that it has though nobody sent them so.</summary>
internal readonly record struct WindowDifference(int Lost, int Invented);
