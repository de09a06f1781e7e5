using System.Diagnostics;
using ProfileService.Benchmarks.Figures;
using ProfileService.Benchmarks.Setup;
using ProfileService.Items;
using ProfileService.Lookup;
using ProfileService.Model;

namespace ProfileService.Benchmarks.Measurements;

/// <summary>
/// The exact top 20 of a large catalogue for one profile after the other, on one thread, with filters and without.
/// </summary>
internal static class RecommendationsBenchmark
{
    private const int Items = 100_000;
    private const int Dimension = 64;
    private const int Users = 32;
    private const int Count = 20;
    private const int Seed = 7;
    private const double MaxMilliseconds = 5;
    private const double MaxFilterCost = 1.5;
    private const int Categories = 100;
    private const string Name = "recommendations.query";
    private const string Open = "cpu, no filter";
    private const string RankName = "recommendations.rank";
    private const int Candidates = 500;
    private const double MaxRankMilliseconds = 1;

    // What a shop's front page asks for, and what one of its categories does.
    private static readonly (string Name, ItemFilter Filter)[] Filters =
    [
        ("recommendations.filter", new ItemFilter(
            ExcludeCategories: ["c1", "c2"], ExcludeLabels: ["sold-out"], ExcludeItems: ["item-000007"], MinPrice: 5, MaxPrice: 80)),
        ("recommendations.filter_narrow", new ItemFilter(Categories: ["c7"], ExcludeLabels: ["sold-out"], MaxPrice: 10)),
    ];

    public static async Task<IReadOnlyList<Metric>> RunAsync(Bench bench)
    {
        var random = new Random(Seed);
        var items = new ItemVectors(Vectors(Items + 2, random), Dimension, Enumerable.Range(0, Items).ToDictionary(i => $"item-{i:D6}", i => i + 2L));
        float[][] profiles = [.. Enumerable.Range(0, Users).Select(_ => Vectors(1, random))];
        var catalogue = Catalogue();
        var index = ItemIndex.Of(items, catalogue, TimeProvider.System);
        string[] candidates = [.. Enumerable.Range(0, Candidates).Select(_ => $"item-{random.Next(Items):D6}")];
        UserScorer Scorer(int i) => new(profiles[i % Users], [], [], new PackageItems(items), 0, index, catalogue);
        var figures = await bench.Rounds.RunAsync(
        [
            (Name, () => Task.Run(() => QueriesPerSecond(bench.Span, i => Find(Scorer(i), ItemFilter.None)))),
            (RankName, () => Task.Run(() => QueriesPerSecond(bench.Span, i => Rank(Scorer(i), candidates)))),
            .. Filters.Prepend((Open, ItemFilter.None)).Select(f => (f.Item1, (Func<Task<double>>)(() => Task.Run(() =>
                CpuMilliseconds(bench.Span, i => Find(Scorer(i), f.Item2)))))),
        ]);
        bench.Notes.Add("recommendations.filter: CPU time of a query with a filter by that of one without: scores, filter and search.");
        bench.Notes.Add($"recommendations: the exact top {Count} of {Items:N0} items of dimension {Dimension} for random profiles, on one thread; no store and no HTTP.");
        return
        [
            Metric.Of(Name, [.. figures[Name].Select(rate => 1_000 / rate)], "ms", Goal.AtMost(MaxMilliseconds)),
            Metric.Of(RankName, [.. figures[RankName].Select(rate => 1_000 / rate)], "ms", Goal.AtMost(MaxRankMilliseconds)),
            .. Filters.Select(f => figures.Ratio(f.Name, f.Name, Open, "ms", Goal.AtMost(MaxFilterCost))),
        ];
    }

    /// <summary>As <see cref="Recommender"/> does it for a user of whom no events are known.</summary>
    private static void Find(UserScorer scorer, ItemFilter filter)
    {
        using var rows = filter.RowsOf(scorer.Index);
        using var best = new BestItems(scorer, rows);
        best.Find(PagePosition.Start, Count);
    }

    /// <summary>Likewise, of a ranking.</summary>
    private static void Rank(UserScorer scorer, string[] candidates)
    {
        var selection = ItemSelection.Of(scorer.Index, candidates);
        using var scores = scorer.Score(selection);
        foreach (var row in selection.Rows.OfType<int>())
            scorer.ItemOf(row, scores.Scores[row]);
    }

    /// <summary>Of the items, a tenth is sold out and a tenth has no price.</summary>
    private static ItemCatalogue Catalogue()
    {
        var catalogue = new ItemCatalogue();
        for (var i = 0; i < Items; i++)
        {
            string[] labels = i % 10 == 3 ? ["sold-out"] : [];
            catalogue.Keep(new CatalogueItem($"item-{i:D6}", [$"c{i % Categories}"], i % 10 == 0 ? null : i % 97, null, labels));
        }

        return catalogue;
    }

    /// <summary>CPU time of a look by this process, which does nothing else.</summary>
    private static double CpuMilliseconds(TimeSpan span, Action<int> look)
    {
        using var process = Process.GetCurrentProcess();
        var (started, before, looks) = (TimeProvider.System.GetTimestamp(), process.TotalProcessorTime, 0);
        for (; TimeProvider.System.GetElapsedTime(started) < span; looks++)
            look(looks);
        process.Refresh();
        return (process.TotalProcessorTime - before).TotalMilliseconds / looks;
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
