using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Statistics;
using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Cli.Tasks;

/// <summary>Simple descriptions of people's known events, without a network. As rivals.py in training.</summary>
internal static class RivalVectors
{
    private const double Pause = 1_800; // seconds between two sessions
    private const double Day = 86_400; // seconds
    private const int RandomDimension = 64;

    /// <summary>[U, C]: the shares of the categories.</summary>
    public static Matrix<double> Histogram(IReadOnlyList<Person> people)
    {
        var number = CategoriesOf(people.SelectMany(p => p.Known.Events)).Distinct().Index().ToDictionary(c => c.Item, c => c.Index);
        var rows = Matrix<double>.Build.Dense(people.Count, Math.Max(1, number.Count));
        foreach (var (row, person) in people.Index())
        {
            var own = CategoriesOf(person.Known.Events).ToList();
            foreach (var category in own)
                rows[row, number[category]] += 1.0 / own.Count;
        }

        return rows;
    }

    /// <summary>[U, 10]: span, sessions, simultaneous events, pause, mean and deviation of ratings and of popularity, last time, hour.</summary>
    public static Matrix<double> Counts(People people)
    {
        var met = people.Others.Concat(people.Asked.Select(p => p.Known)).SelectMany(w => w.Events).CountBy(e => e.ItemId).ToDictionary();
        return Matrix<double>.Build.DenseOfRowArrays(people.Asked.Select(p => CountsOf(p.Known.Events, met)));
    }

    /// <summary>Blocks as one vector: each column standardised, each block of equal weight.</summary>
    public static Matrix<double> SideBySide(Matrix<double> left, Matrix<double> right) => Standardised(left).Append(Standardised(right));

    /// <summary>[U, 64]: numbers that say nothing of a user, from hashes of the id.</summary>
    public static Matrix<double> Random(IReadOnlyList<Person> people) => Matrix<double>.Build.Dense(
        people.Count, RandomDimension, (row, column) => StableHash.Of($"{people[row].UserId}\n{column}") / Math.Pow(2, 64));

    public static IEnumerable<double> Ratings(IEnumerable<WindowEvent> events) =>
        events.Where(e => e.Kind == "rating").Select(e => e.Value).OfType<double>();

    private static IEnumerable<string> CategoriesOf(IEnumerable<WindowEvent> events) => events.SelectMany(e => e.Categories ?? []);

    private static double[] CountsOf(IReadOnlyList<WindowEvent> known, Dictionary<string, int> met)
    {
        double[] gaps = known.Count == 1 ? [0] : [.. known.Zip(known.Skip(1), (before, after) => (after.Timestamp - before.Timestamp) / 1e6)];
        var popularity = known.Select(e => Math.Log(1 + met[e.ItemId])).ToArray();
        var ratings = Ratings(known).DefaultIfEmpty().ToArray();
        var last = known[^1].Timestamp / 1e6;
        return
        [
            Math.Log(1 + gaps.Sum()), 1 + gaps.Count(g => g > Pause), gaps.Count(g => g == 0) / (double)gaps.Length, Math.Log(1 + gaps.Median()),
            ratings.Average(), ratings.PopulationStandardDeviation(), popularity.Average(), popularity.PopulationStandardDeviation(),
            last / Day, last % Day / 3_600,
        ];
    }

    private static Matrix<double> Standardised(Matrix<double> block)
    {
        var moments = block.EnumerateColumns().Select(c => (Mean: c.Average(), Spread: c.PopulationStandardDeviation() + 1e-9)).ToArray();
        return block.MapIndexed((_, k, cell) => (cell - moments[k].Mean) / moments[k].Spread / Math.Sqrt(block.ColumnCount));
    }
}
