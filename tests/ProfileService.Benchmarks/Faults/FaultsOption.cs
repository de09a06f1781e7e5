using System.CommandLine;
using System.CommandLine.Invocation;

namespace ProfileService.Benchmarks.Faults;

/// <summary><c>--faults N [--seed S] [--lanes L]</c>: runs N schedules of faults instead of the measurements. Exit status 1 where one
/// showed anything.</summary>
internal sealed class FaultsOption : AsynchronousCommandLineAction
{
    private readonly Option<int> _count = new("--faults")
    {
        Description = "Instead: this many drawn schedules of faults against the real servers. Exit status 1 where one showed anything.",
    };

    private readonly Option<int> _lanes = new("--lanes")
    {
        Description = "Of --faults: schedules side by side; 2 unless named.",
        DefaultValueFactory = _ => 2,
    };

    private readonly Option<int> _seed;

    private FaultsOption(Option<int> seed) => (_seed, _count.Action) = (seed, this);

    public static IEnumerable<Option> Create(Option<int> seed)
    {
        var option = new FaultsOption(seed);
        return [option._count, option._lanes];
    }

    public override Task<int> InvokeAsync(ParseResult parseResult, CancellationToken cancellationToken = default)
    {
        var seeds = Enumerable.Range(parseResult.GetValue(_seed), parseResult.GetValue(_count));
        return FaultRuns.RunAsync([.. seeds], parseResult.GetValue(_lanes), cancellationToken);
    }
}
