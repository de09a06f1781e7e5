using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Faults;

/// <summary>Made-up events of many users, in no order, some of them twice.</summary>
internal static class FaultEvents
{
    public static IReadOnlyList<WindowEvent> Of(int count, int users, int seed)
    {
        var random = new Random(seed);
        var events = Enumerable.Range(0, count * 19 / 20)
            .Select(i => Event(-random.Next(80 * 86_400), $"u{random.Next(users)}", $"i{random.Next(40)}", random.Next(4) == 0 ? "purchase" : "view", random.Next(2) == 0 ? $"e{i}" : null, $"c{random.Next(9)}", random.Next(100)))
            .ToList();
        events.AddRange(Enumerable.Range(0, count - events.Count).Select(_ => events[random.Next(events.Count)]).ToList());
        return events;
    }
}
