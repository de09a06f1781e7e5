using System.CommandLine;
using System.CommandLine.Invocation;

namespace ProfileService.Benchmarks.Providers;

/// <summary><c>--providers [--rounds N] [--seconds S]</c>: measures the model on CUDA beside the CPU, and nothing else. Needs no
/// servers.</summary>
internal sealed class ProvidersOption : AsynchronousCommandLineAction
{
    private readonly Option<bool> _option = new("--providers")
    {
        Description = "Instead: users a second of the model on CUDA and on the CPU, by batch size; the CPU alone where CUDA is missing.",
    };

    private readonly Option<int> _rounds;
    private readonly Option<double> _seconds;

    private ProvidersOption(Option<int> rounds, Option<double> seconds) => (_rounds, _seconds, _option.Action) = (rounds, seconds, this);

    public static Option Create(Option<int> rounds, Option<double> seconds) => new ProvidersOption(rounds, seconds)._option;

    public override async Task<int> InvokeAsync(ParseResult parseResult, CancellationToken cancellationToken = default)
    {
        var span = TimeSpan.FromSeconds(parseResult.GetValue(_seconds));
        await new ProviderBenchmark(Console.Out, parseResult.GetValue(_rounds), span).RunAsync(cancellationToken);
        return 0;
    }
}
