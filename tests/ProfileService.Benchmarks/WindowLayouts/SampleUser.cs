using System.Globalization;
using ProfileService.Windows;

namespace ProfileService.Benchmarks.WindowLayouts;

/// <summary>A user whose events are like those of MovieLens-100K; each is newer than the one before.</summary>
internal sealed class SampleUser(string id, bool givesIds)
{
    private static readonly string[] Genres =
        ["Action", "Adventure", "Animation", "Comedy", "Crime", "Documentary", "Drama", "Fantasy", "Horror", "Romance", "Sci-Fi", "Thriller", "War", "Western"];

    private readonly Random _random = new(int.Parse(id, CultureInfo.InvariantCulture));
    private long _seconds = 880_000_000;

    public string Id => id;

    public IReadOnlyList<SampleEvent> Take(int count) => [.. Enumerable.Range(0, count).Select(_ => Next())];

    public SampleEvent Next()
    {
        _seconds += _random.Next(1, 100);
        return SampleEvent.Of(new WindowEvent(id, "rating", $"{_random.Next(1_000, 1_000_000)}", _seconds * 1_000_000)
        {
            GivenId = givesIds ? NextUuid() : null,
            Categories = _random.GetItems(Genres, 2),
            Value = _random.Next(1, 6),
        });
    }

    private string NextUuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes).ToString();
    }
}
