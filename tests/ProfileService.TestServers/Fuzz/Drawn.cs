using System.Globalization;

namespace ProfileService.TestServers.Fuzz;

/// <summary>Values that the API reads, most of them right, some at an edge and some beyond it; all drawn from one seed.</summary>
internal sealed class Drawn(int seed)
{
    private const int Users = 300;

    private static readonly string[] OddTexts =
    [
        "", " ", ".", "..", "../..", "a/b", "a\\b", "%2F", "%00", "é", "日本語", "👍🏽", "\uFEFF", "\u0000", "\u0001", "\u007f", "\r\n",
        "null", "NaN", "-0",
        "'; DROP TABLE profiles; --", "{p1}:w:u1", "<script>", "*", "?", "#", "a b", "\u202Eabc", new('x', 128), new('x', 129),
        new('é', 128), new('y', 5_000),
    ];

    private static readonly string[] OddTimes =
    [
        "2026-01-01T00:00:00", "2026-01-01", "2026-01-01T24:00:00Z", "2026-02-30T00:00:00Z", "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.9999999Z", "1970-01-01t00:00:00z",
        "2026-01-01 00:00:00+0800", "20260101T000000Z", "1767225600000", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:60Z",
        "2026-01-01T00:00:00+99:99", "-0001-01-01T00:00:00Z", "now",
    ];

    private static readonly string[] OddNumbers =
        ["0", "-1", "1", "1e3", "1.5", "-0", "1e400", "-1e400", "9223372036854775807", "9223372036854775808", "2147483648", "1e-320",
            "01", "+1", "0x10", ".5", "5.", "NaN", "1_000"];

    private static readonly string[] Kinds = ["view", "click", "cart", "purchase", "rating", "review", "like", "dislike", "share",
        "search", "View", "buy"];

    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly Random _random = new(seed);

    /// <summary>Whether something that happens once in so many times happens now.</summary>
    public bool OnceIn(int times) => _random.Next(times) == 0;

    public int Below(int bound) => _random.Next(bound);

    public T OneOf<T>(IReadOnlyList<T> values) => values[_random.Next(values.Count)];

    public void Fill(Span<byte> bytes) => _random.NextBytes(bytes);

    public string Id() => OnceIn(12) ? OddText() : $"u{_random.Next(Users)}";

    public string Kind() => OneOf(Kinds);

    public string OddText() => OneOf(OddTexts);

    public string Time() => OnceIn(6) ? OneOf(OddTimes)
        : Start.AddSeconds(_random.Next(300 * 86_400)).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    /// <summary>As JSON would have it, or nearly.</summary>
    public string Number() => OnceIn(5) ? OneOf(OddNumbers) : _random.Next(1_000).ToString(CultureInfo.InvariantCulture);
}
