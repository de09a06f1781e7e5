using System.Numerics.Tensors;
using ProfileService.Benchmarks.Figures;
using ProfileService.Benchmarks.Limits;
using ProfileService.Benchmarks.Setup;
using ProfileService.Model;
using ProfileService.Refresh;
using ProfileService.Windows;

namespace ProfileService.Benchmarks.Measurements;

/// <summary>What the served graph and the grouping by length gain over a plain export padded to the longest window.</summary>
internal static class ModelBenchmark
{
    private const int SampleWindows = 1_024;
    private const int Seed = 7;
    private const double ExactTolerance = 1e-6; // cosine distance
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(.15);

    public static async Task<IReadOnlyList<Metric>> RunAsync(Bench bench)
    {
        var (shorts, longs) = (Sample(WindowLengths.Short), Sample(WindowLengths.Long));
        Bench.Tell($"windows of {shorts.Average(w => w.Events.Count):0.0} and of {longs.Average(w => w.Events.Count):0.0} events in the mean; looking for the best layouts");
        return
        [
            await GainAsync(bench, "model.gain_short", ReferencePackage.Served, ReferencePackage.Plain, shorts, 5),
            await GainAsync(bench, "model.gain_long", ReferencePackage.Served, ReferencePackage.Plain, longs, 1.5),
            await GainAsync(bench, "model.gain_long_one_layer", ReferencePackage.ServedOneLayer, ReferencePackage.PlainOneLayer, longs, 4),
        ];
    }

    private static async Task<Metric> GainAsync(Bench bench, string name, string served, string plain, IReadOnlyList<Window> windows, double goal)
    {
        using var ours = BareInference.BestOfGroups(served, encoder => Groups(encoder, windows), Look);
        using var theirs = BareInference.Best(plain, windows, WindowLengths.Longest, Look);
        CheckVectors(served, plain, windows);
        bench.Notes.Add($"{name}: served in groups of up to {ours}; plain in {theirs}.");
        var figures = await bench.Rounds.RunAsync(
            ($"{name}, served", () => Task.Run(() => ours.UsersPerSecond(bench.Span))),
            ($"{name}, plain", () => Task.Run(() => theirs.UsersPerSecond(bench.Span))));
        return figures.Ratio(name, $"{name}, served", $"{name}, plain", "users/s", Goal.AtLeast(goal));
    }

    /// <summary>As the refresh does it: what is claimed at once, grouped by length.</summary>
    private static IEnumerable<(List<Window>, int)> Groups(WindowEncoder encoder, IEnumerable<Window> windows) =>
        windows.Chunk(new RefreshOptions().MaxBatch)
            .SelectMany(claimed => LengthGroups.Of(claimed, window => encoder.LengthOf(window), ActiveModel.UsersPerCpuRun))
            .Select(group => (group, group.Max(window => encoder.LengthOf(window))));

    /// <summary>A gain counts only where both say the same.</summary>
    private static void CheckVectors(string served, string plain, IReadOnlyList<Window> windows)
    {
        var some = windows.Take(64).ToList();
        using var ours = BareInference.BestOfGroups(served, _ => some.Select(w => (new List<Window> { w }, w.Events.Count)), TimeSpan.Zero);
        using var theirs = BareInference.BestOfGroups(plain, _ => [(some, WindowLengths.Longest)], TimeSpan.Zero);
        var worst = ours.Vectors().Zip(theirs.Vectors(), (x, y) => 1 - TensorPrimitives.CosineSimilarity(x, y)).Max();
        if (!(worst <= ExactTolerance))
            throw new InvalidOperationException($"{served} and {plain} differ by {worst} in cosine distance.");
    }

    private static IReadOnlyList<Window> Sample(Func<Random, int> length)
    {
        var random = new Random(Seed);
        return [.. Enumerable.Range(0, SampleWindows).Select(i => SampleWindow.Of($"user-{i:D6}", length(random), random))];
    }
}
