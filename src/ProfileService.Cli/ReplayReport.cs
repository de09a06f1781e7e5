using ProfileService.Client;
using Spectre.Console;

namespace ProfileService.Cli;

/// <summary>What became of the events that were sent.</summary>
internal sealed class ReplayReport(TimeProvider time)
{
    private const int ShownProblems = 10;

    private readonly long _started = time.GetTimestamp();
    private readonly List<string> _problems = [];

    public long Sent => Accepted + Duplicates + Late + Rejected;

    public long Accepted { get; private set; }

    public long Duplicates { get; private set; }

    public long Late { get; private set; }

    public long Rejected { get; private set; }

    /// <summary>Events a second, since the report was made.</summary>
    public double Rate => Sent / Math.Max(.001, time.GetElapsedTime(_started).TotalSeconds);

    public void Add(IngestResult sent, (long Number, string Json)[] lines)
    {
        Accepted += sent.Accepted;
        Duplicates += sent.Duplicates;
        Late += sent.Late;
        Rejected += sent.Rejected;
        _problems.AddRange(sent.Problems.Take(ShownProblems - _problems.Count)
            .Select(p => $"line {lines[p.Index].Number}: {p.Code}: {p.Detail}"));
    }

    public void Print()
    {
        var table = new Table().AddColumns("Verdict", "Events").Border(TableBorder.Simple);
        table.Columns[1].RightAligned();
        foreach (var (verdict, count) in new (string, long)[] { ("accepted", Accepted), ("duplicates", Duplicates), ("late", Late), ("rejected", Rejected) })
            table.AddRow(verdict, $"{count:N0}");
        AnsiConsole.Write(table);
        AnsiConsole.MarkupLineInterpolated($"{Sent:N0} events in {time.GetElapsedTime(_started).TotalSeconds:N1} s, {Rate:N0} events/s");
        foreach (var problem in _problems)
            AnsiConsole.MarkupLineInterpolated($"[yellow]{problem}[/]");
        if (Rejected > _problems.Count)
            AnsiConsole.MarkupLineInterpolated($"[yellow]… and {Rejected - _problems.Count:N0} more[/]");
    }
}
