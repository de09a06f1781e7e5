using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace ProfileService.TestServers.Fuzz;

/// <summary>What all connections saw, and the requests that broke a rule, kept in files that can be sent again as they are.</summary>
/// <param name="folder">Where they go.</param>
internal sealed class FuzzTotals(string folder)
{
    private const int KeptPerKind = 3;
    private const int ReportInterval = 100_000;

    private readonly ConcurrentDictionary<int, long> _statuses = new();
    private readonly ConcurrentDictionary<string, long> _broken = new();
    private long _answered;
    private long _slowest;

    public long Answered => Interlocked.Read(ref _answered);

    public TimeSpan Slowest => new(_slowest);

    /// <summary>Kinds of what was wrong, and how often.</summary>
    public IReadOnlyDictionary<string, long> Broken => _broken;

    public void Add(Answer answer)
    {
        _statuses.AddOrUpdate(answer.Status, 1, (_, count) => count + 1);
        if (Interlocked.Increment(ref _answered) is var answered && answered % ReportInterval == 0)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{answered:N0} answers"));
        long slowest;
        while ((slowest = Interlocked.Read(ref _slowest)) < answer.Took.Ticks)
            Interlocked.CompareExchange(ref _slowest, answer.Took.Ticks, slowest);
    }

    /// <summary>Keeps the request, after the one that was answered before it on its connection if that is given.</summary>
    public void Break(string what, FuzzRequest request, Answer? answer, FuzzRequest? before = null)
    {
        var count = _broken.AddOrUpdate(what, 1, (_, count) => count + 1);
        if (count > KeptPerKind)
            return;
        Directory.CreateDirectory(folder);
        var name = string.Concat(what.Where(c => char.IsAsciiLetterOrDigit(c) || c == ' ')).Replace(' ', '-');
        var file = Path.Combine(folder, $"{name}-{count}.http");
        File.WriteAllBytes(file, [.. before?.Bytes ?? [], .. request.Bytes]);
        Console.WriteLine($"{what}: {file}\n    {Line(request)}\n    {(answer is null ? "" : Start(answer.Body, 300))}");
    }

    public string Statuses() =>
        string.Join(", ", _statuses.OrderBy(pair => pair.Key).Select(pair =>
            string.Create(CultureInfo.InvariantCulture, $"{pair.Key}: {pair.Value:N0}")));

    private static string Line(FuzzRequest request) => Start(request.Bytes, 160).Split('\r')[0];

    private static string Start(byte[] text, int most) => Encoding.UTF8.GetString(text.AsSpan(0, Math.Min(most, text.Length)));
}
