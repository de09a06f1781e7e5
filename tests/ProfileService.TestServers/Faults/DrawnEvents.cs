using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.TestServers.Faults;

/// <summary>Made-up events of few users, so that windows overflow: in no order, some late, some sent again, some under the id of
/// another.</summary>
internal sealed class DrawnEvents(int seed)
{
    private const int Users = 48;
    private const int Items = 30;
    private const int Days = 100; // more than Windows:MaxAge
    private const int Remembered = 500;

    private static readonly DateTime Start = new(2025, 6, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly string[] Kinds = ["view", "click", "cart", "purchase", "rating"];

    private readonly Random _random = new(seed);
    private readonly List<WindowEvent> _sent = [];
    private int _last;

    /// <summary>Draws a number as the events do: part of the same sequence.</summary>
    public int Next(int below) => _random.Next(below);

    public IReadOnlyList<WindowEvent> Take(int count) => [.. Enumerable.Range(0, count).Select(_ => Take())];

    private WindowEvent Take()
    {
        var next = _sent.Count == 0 ? Fresh() : _random.Next(20) switch
        {
            0 => Remember(), // sent again, whether it was answered or not
            1 => Remember() with { Value = _random.Next(100) }, // another version of the same event
            _ => Fresh(),
        };
        if (_sent.Count < Remembered)
            _sent.Add(next);
        else
            _sent[_random.Next(Remembered)] = next;
        return next;
    }

    private WindowEvent Remember() => _sent[_random.Next(_sent.Count)];

    private WindowEvent Fresh() => new(
        $"u{_random.Next(Users)}",
        Kinds[_random.Next(Kinds.Length)],
        $"i{_random.Next(Items)}",
        EventTime.FromUtc(Start.AddSeconds(_random.Next(Days * 86_400))),
        _random.Next(3) == 0 ? null : $"{seed}-{_last++}",
        [$"c{_random.Next(6)}"],
        _random.Next(100),
        _random.Next(5) == 0 ? "fits well" : null);
}
