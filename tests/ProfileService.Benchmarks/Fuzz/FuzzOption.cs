using System.CommandLine;
using System.CommandLine.Invocation;
using System.Globalization;
using ProfileService.TestServers.Fuzz;

namespace ProfileService.Benchmarks.Fuzz;

/// <summary><c>--fuzz [N] [--seed S]</c>: sends N drawn requests instead of the measurements. Exit status 1 where an answer broke a
/// rule.</summary>
internal sealed class FuzzOption : AsynchronousCommandLineAction
{
    private const int Million = 1_000_000;
    private const long MaxMemory = 1L << 30;

    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    private readonly Option<int?> _count = new("--fuzz")
    {
        Description = "Instead: this many drawn requests; a million unless named. Exit status 1 where an answer broke a rule.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<int> _seed;

    private FuzzOption(Option<int> seed) => (_seed, _count.Action) = (seed, this);

    public static Option Create(Option<int> seed) => new FuzzOption(seed)._count;

    public override async Task<int> InvokeAsync(ParseResult parseResult, CancellationToken cancellationToken = default)
    {
        var started = TimeProvider.System.GetTimestamp();
        var (totals, memory) = await FuzzRun.RunAsync(parseResult.GetValue(_count) ?? Million, parseResult.GetValue(_seed),
            Repository.Path("artifacts/fuzz"), Slow, cancellationToken);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{totals.Answered:N0} answers in {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0} s, "
            + $"the slowest {totals.Slowest.TotalMilliseconds:0} ms, the service's memory at most {memory / 1e6:0} MB"));
        Console.WriteLine(totals.Statuses());
        foreach (var (what, count) in totals.Broken)
            Console.WriteLine($"{count} times: {what}");
        return totals.Broken.Count == 0 && memory <= MaxMemory ? 0 : 1;
    }
}
