using ProfileService.Model;

namespace ProfileService.Benchmarks;

/// <summary>The exact top 20 of a large catalogue for one profile after the other, and for many in one pass, on one processor.</summary>
internal static class RecommendationsBenchmark
{
    private const int Items = 100_000;
    private const int Dimension = 64;
    private const int Users = 32;
    private const int Count = 20;
    private const int Seed = 7;
    private const double MostMilliseconds = 5;

    private const string Single = "recommendations, one by one";
    private const string Batch = "recommendations, 32 at once";

    public static async Task<IReadOnlyList<Metric>> RunAsync(Bench bench)
    {
        var random = new Random(Seed);
        var items = new ItemVectors(Vectors(Items + 2, random), Dimension, Enumerable.Range(0, Items).ToDictionary(i => $"item-{i:D6}", i => i + 2L));
        var profiles = Vectors(Users, random);
        var queries = Enumerable.Repeat(new TopQuery(Count), Users).ToArray();
        var figures = await bench.Rounds.RunAsync(
            (Single, () => Task.Run(() => QueriesPerSecond(bench.Span, 1, i => items.Top(profiles.AsSpan(i % Users * Dimension, Dimension), Count)))),
            (Batch, () => Task.Run(() => QueriesPerSecond(bench.Span, Users, _ => items.Top(profiles, queries)))));
        bench.Notes.Add($"recommendations: the exact top {Count} of {Items:N0} items of dimension {Dimension} for random profiles, on one thread; no store and no HTTP.");
        return
        [
            Metric.Of("recommendations.query", [.. figures[Single].Select(rate => 1_000 / rate)], "ms", Goal.AtMost(MostMilliseconds)),
            figures.Ratio("recommendations.batch32_gain", Batch, Single, "queries/s", Goal.AtLeast(1)),
        ];
    }

    private static double QueriesPerSecond(TimeSpan span, int queries, Action<int> look)
    {
        var (started, looks) = (TimeProvider.System.GetTimestamp(), 0);
        for (; TimeProvider.System.GetElapsedTime(started) < span; looks++)
            look(looks);
        return looks * queries / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
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
