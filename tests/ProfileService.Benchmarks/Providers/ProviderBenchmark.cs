using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.ML.OnnxRuntime;
using ProfileService.Benchmarks.Figures;
using ProfileService.Benchmarks.Setup;
using ProfileService.Model;
using ProfileService.Refresh;
using ProfileService.Windows;

namespace ProfileService.Benchmarks.Providers;

/// <summary>
/// What a GPU gains: users a second on CUDA and on the CPU of the same machine, by how many users are claimed at once. Prints Markdown
/// tables line by line: a run that is cut short has printed what it measured.
/// </summary>
/// <param name="span">Of one measurement in a round.</param>
internal sealed class ProviderBenchmark(TextWriter output, int rounds, TimeSpan span)
{
    private const int Seed = 7;
    private const int WarmUps = 1;
    private const int SomeCallers = 4;
    private const int FewEvents = 10;

    private static readonly string[] Packages = [ReferencePackage.Shipped, "models/demo/3"];
    private static readonly int[] BatchSizes = [64, 128, 256, 512, 1_024, 2_048, 4_096]; // the last is the most that Refresh:MaxBatch takes
    private static readonly int AllCallers = new RefreshOptions().Loops; // as the service has them

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        OnnxTelemetry.Disable();
        var gpu = await Gpu.NameAsync() ?? "no GPU";
        output.WriteLine($"ONNX Runtime {OrtEnv.Instance().GetVersionString()}, {Environment.ProcessorCount} processors, {gpu}.");
        output.WriteLine($"Median of {rounds} rounds of {span.TotalMilliseconds:0} ms (least to most).");
        foreach (var package in Packages)
        {
            using var cpu = Load(package, ModelProvider.Cpu)!;
            using var cuda = Load(package, ModelProvider.Cuda);
            WriteHeader(cuda is not null);
            foreach (var (name, length) in LengthsOf(cpu))
            {
                var windows = Sample(BatchSizes[^1], length);
                foreach (var size in BatchSizes)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    output.WriteLine($"| {package} | {name} | {size} | {await RowAsync(windows[..size], cpu, cuda)} |");
                }
            }
        }
    }

    /// <summary>Null where the provider is missing, or computes otherwise than training did; both are told.</summary>
    private ActiveModel? Load(string package, ModelProvider provider)
    {
        try
        {
            var options = new ModelOptions { Provider = provider, RequireProvider = true };
            output.WriteLine($"\n{package} on {provider}: {GoldenDeviation.Of(Repository.Path(package), options)}.");
            return ActiveModel.Load(Repository.Path(package), options, NullLogger.Instance);
        }
        catch (Exception e)
            when (provider != ModelProvider.Cpu && e is OptionsValidationException or OnnxRuntimeException or PackageRefusedException)
        {
            output.WriteLine($"\n{package} on {provider}: {e.Message}");
            return null;
        }
    }

    private void WriteHeader(bool withCuda)
    {
        string[] cuda = ["CUDA, 1 caller", "of it the graph", $"CUDA, {SomeCallers} callers", $"CUDA, {AllCallers} callers"];
        string[] comparison = ["CUDA/CPU", "GPU memory"];
        var cpu = $"CPU, {AllCallers} callers";
        string[] columns = ["package", "events", "users", .. withCuda ? cuda : [], cpu, .. withCuda ? comparison : []];
        output.WriteLine($"\nUsers a second:\n\n| {string.Join(" | ", columns)} |\n|{string.Concat(columns.Select(_ => "---|"))}");
    }

    private async Task<string> RowAsync(Window[] windows, ActiveModel cpu, ActiveModel? cuda)
    {
        ModelRuns[] all = [.. cuda is null ? [] : RunsOf(cuda, 1, SomeCallers, AllCallers), .. RunsOf(cpu, AllCallers)];
        var figures = await new Rounds(rounds, _ => { }, WarmUps)
            .RunAsync([.. all.Select((runs, i) => ($"{i}", (Func<Task<double>>)(() => MeasureAsync(runs))))]);
        Spread[] spreads = [.. all.Select((_, i) => Spread.Of(figures[$"{i}"]))];
        string[] rates = [.. spreads.Select(spread => spread.Text("#,0"))];
        if (cuda is null)
            return rates[0];
        var gain = spreads[..^1].Max(spread => spread.Median) / spreads[^1].Median;
        var memory = await Gpu.MemoryUsedAsync();
        return string.Create(CultureInfo.InvariantCulture,
            $"{rates[0]} | {all[0].ShareOfGraph:0 %} | {string.Join(" | ", rates[1..])} | {gain:0.0} | {memory}");

        IEnumerable<ModelRuns> RunsOf(ActiveModel model, params int[] callers) => callers.Select(n => new ModelRuns(model, windows, n));
    }

    /// <summary>0 where a run failed, as one does that needs more memory than the GPU has.</summary>
    private async Task<double> MeasureAsync(ModelRuns runs)
    {
        try
        {
            return await runs.UsersPerSecondAsync(span);
        }
        catch (OnnxRuntimeException e)
        {
            Bench.Tell(e.Message);
            return 0;
        }
    }

    private static IEnumerable<(string Name, Func<Random, int> Length)> LengthsOf(ActiveModel model)
    {
        var longest = model.Encoder.MaxEvents;
        return [($"{FewEvents}", _ => FewEvents), ("20 to 100", WindowLengths.Long), ($"{longest}", _ => longest)];
    }

    private static Window[] Sample(int count, Func<Random, int> length)
    {
        var random = new Random(Seed);
        return [.. Enumerable.Range(0, count).Select(i => SampleWindow.Of($"user-{i:D6}", length(random), random))];
    }
}
