using System.Globalization;
using ProfileService.Windows;

namespace ProfileService.Benchmarks.Setup;

/// <summary>Windows that no service made: kinds, items, categories and values are drawn evenly, gaps are up to 28 hours.</summary>
internal static class SampleWindow
{
    private const long Start = 1_760_000_000_000_000; // µs
    private const int Items = 1_000;

    public static Window Of(string user, int length, Random random, int items = Items)
    {
        var (events, timestamp) = (new List<WindowEvent>(length), Start);
        for (var i = 0; i < length; i++)
        {
            timestamp += 1_000_000L * random.Next(1, 100_000);
            var item = (1_000 + random.Next(items)).ToString(CultureInfo.InvariantCulture);
            events.Add(new WindowEvent(user, EventKinds.Known[random.Next(6)], item, timestamp) { Categories = [$"c{random.Next(20)}", "Drama"], Value = random.Next(1, 6) });
        }

        return new Window(user, events);
    }
}
