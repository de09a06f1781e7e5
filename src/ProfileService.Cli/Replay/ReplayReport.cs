using System.Text.RegularExpressions;
using ProfileService.Cli.CommandLine;
using ProfileService.Client;
using Spectre.Console;

namespace ProfileService.Cli.Replay;

/// <summary>Outcome of the events that were sent.</summary>
/// <param name="name">Name of the file, for messages.</param>
internal sealed partial class ReplayReport(string name, TimeProvider time)
{
    private const int ShownProblems = 10;

    private readonly long _started = time.GetTimestamp();
    private readonly List<string> _problems = [];

    public long Sent => Accepted + Duplicates + Late + Erased + Rejected;

    public long Accepted { get; private set; }

    public long Duplicates { get; private set; }

    public long Late { get; private set; }

    public long Erased { get; private set; }

    public long Rejected { get; private set; }

    /// <summary>Events per second since the report was created.</summary>
    public double Rate => Sent / Math.Max(.001, time.GetElapsedTime(_started).TotalSeconds);

    public void Add(IngestSummary sent, (long Number, string Json)[] lines)
    {
        Accepted += sent.Accepted;
        Duplicates += sent.Duplicates;
        Late += sent.Late;
        Erased += sent.Erased;
        Rejected += sent.Rejected;
        _problems.AddRange(sent.Problems.Take(ShownProblems - _problems.Count)
            .Select(p => $"line {lines[Math.Clamp(p.Index, 0, lines.Length - 1)].Number}: {p.Code}: {WithoutLine(p.Detail)}"));
    }

    /// <summary>Prints the counts and the rejected events; returns the exit code.</summary>
    public int Print()
    {
        var table = new Table().AddColumns("Verdict", "Events").Border(TableBorder.Simple);
        table.Columns[1].RightAligned();
        table.AddRow("accepted", $"{Accepted:N0}").AddRow("duplicates", $"{Duplicates:N0}");
        table.AddRow("late", $"{Late:N0}");
        if (Erased > 0)
            table.AddRow("erased", $"{Erased:N0}");
        table.AddRow("rejected", $"{Rejected:N0}");
        Terminal.Out.Write(table);
        Terminal.Out.WriteLine($"{Sent:N0} events in {time.GetElapsedTime(_started).TotalSeconds:N1} s, {Rate:N0} events/s");
        if (Sent == 0)
            Terminal.Warn($"{name} contains no events.");
        _problems.ForEach(Terminal.Warn);
        if (Rejected > _problems.Count)
            Terminal.Warn($"… and {Rejected - _problems.Count:N0} more");
        if (Rejected > 0)
            Terminal.Fail($"{Rejected:N0} of {Sent:N0} events were rejected.");
        return Rejected > 0 ? 1 : 0;
    }

    /// <summary>The service counts the lines of a request, which differ from those of the file.</summary>
    public static string WithoutLine(string detail) => InnerLine().Replace(FirstLine().Replace(detail, "It"), "");

    [GeneratedRegex(@"^(Line \d+|The body)(?= is\b)")]
    private static partial Regex FirstLine();

    [GeneratedRegex(@"\bline \d+, ")]
    private static partial Regex InnerLine();
}
