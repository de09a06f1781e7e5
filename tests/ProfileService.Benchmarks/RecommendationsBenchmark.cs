using ProfileService.Model;

namespace ProfileService.Benchmarks;

/// <summary>The exact top 20 of a large catalogue for one profile after the other, on one processor.</summary>
internal static class RecommendationsBenchmark
{
    private const int Items = 100_000;
    private const int Dimension = 64;
    private const int Users = 32;
    private const int Count = 20;
    private const int Seed = 7;
    private const double MostMilliseconds = 5;
    private const string Name = "recommendations.query";

    public static async Task<IReadOnlyList<Metric>> RunAsync(Bench bench)
    {
        var random = new Random(Seed);
        var items = new ItemVectors(Vectors(Items + 2, random), Dimension, Enumerable.Range(0, Items).ToDictionary(i => $"item-{i:D6}", i => i + 2L));
        var profiles = Vectors(Users, random);
        var scores = new float[items.Rows];
        var figures = await bench.Rounds.RunAsync((Name, () => Task.Run(() => QueriesPerSecond(bench.Span, i =>
        {
            items.Score(profiles.AsSpan(i % Users * Dimension, Dimension), scores);
            items.Top(scores, Count);
        }))));
        bench.Notes.Add($"recommendations: the exact top {Count} of {Items:N0} items of dimension {Dimension} for random profiles, on one thread; no store and no HTTP.");
        return [Metric.Of(Name, [.. figures[Name].Select(rate => 1_000 / rate)], "ms", Goal.AtMost(MostMilliseconds))];
    }

    private static double QueriesPerSecond(TimeSpan span, Action<int> look)
    {
        var (started, looks) = (TimeProvider.System.GetTimestamp(), 0);
        for (; TimeProvider.System.GetElapsedTime(started) < span; looks++)
            look(looks);
        return looks / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>[rows, D] of unit length.</summary>
    private static float[] Vectors(int rows, Random random)
    {
        var vectors = new float[rows * Dimension];
        for (var row = 0; row < rows; row++)
        {
            var vector = vectors.AsSpan(row * Dimension, Dimension);
            var squares = 0.0;
            foreach (ref var x in vector)
            {
                x = (float)((random.NextDouble() * 2) - 1);
                squares += x * x;
            }

            foreach (ref var x in vector)
                x = (float)(x / Math.Sqrt(squares));
        }

        return vectors;
    }
}
