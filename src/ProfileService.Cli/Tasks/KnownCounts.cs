using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Statistics;
using ProfileService.Windows;

namespace ProfileService.Cli.Tasks;

/// <summary>Counts and times of people's known events, as a simple rival of the vectors.</summary>
internal static class KnownCounts
{
    private const double SessionBreak = 1_800; // seconds without an event that end a session
    private const double Day = 86_400; // seconds

    /// <summary>
    /// [U, 10]: span, sessions, share of gaps that are 0, median gap, mean and deviation of ratings and of popularity, last day, hour.
    /// </summary>
    public static Matrix<double> Of(People people)
    {
        var met = people.Others.Concat(people.Asked.Select(p => p.Known)).SelectMany(w => w.Events).CountBy(e => e.ItemId).ToDictionary();
        return Matrix<double>.Build.DenseOfRowArrays(people.Asked.Select(p => CountsOf(p.Known.Events, met)));
    }

    public static IEnumerable<double> Ratings(IEnumerable<WindowEvent> events) =>
        events.Where(e => e.Kind == "rating").Select(e => e.Value).OfType<double>();

    private static double[] CountsOf(IReadOnlyList<WindowEvent> known, Dictionary<string, int> met)
    {
        var gaps = known.Zip(known.Skip(1), (before, after) => (after.Timestamp - before.Timestamp) / 1e6).DefaultIfEmpty().ToArray();
        var popularity = known.Select(e => Math.Log(1 + met[e.ItemId])).ToArray();
        var ratings = Ratings(known).DefaultIfEmpty().ToArray();
        var last = known[^1].Timestamp / 1e6;
        return
        [
            Math.Log(1 + gaps.Sum()), 1 + gaps.Count(g => g > SessionBreak),
            gaps.Count(g => g == 0) / (double)gaps.Length, Math.Log(1 + gaps.Median()),
            ratings.Average(), ratings.PopulationStandardDeviation(),
            popularity.Average(), popularity.PopulationStandardDeviation(),
            last / Day, last % Day / 3_600,
        ];
    }
}
