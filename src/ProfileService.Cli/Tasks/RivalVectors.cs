using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Statistics;
using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Cli.Tasks;

/// <summary>Simple descriptions of people's known events, without a network. As rivals.py in training.</summary>
internal static class RivalVectors
{
    private const int RandomDimension = 64;
    private const double Tiny = 1e-9; // deviation, of a column that is the same for all

    /// <summary>[U, C]: the shares of the categories.</summary>
    public static Matrix<double> Histogram(IReadOnlyList<Person> people)
    {
        var names = CategoriesOf(people.SelectMany(p => p.Known.Events)).Distinct();
        var number = names.Index().ToDictionary(c => c.Item, c => c.Index);
        var rows = Matrix<double>.Build.Dense(people.Count, Math.Max(1, number.Count));
        foreach (var (row, person) in people.Index())
        {
            var own = CategoriesOf(person.Known.Events).ToList();
            foreach (var category in own)
                rows[row, number[category]] += 1.0 / own.Count;
        }

        return rows;
    }

    /// <summary>Blocks as one vector: each column standardised, each block of equal weight.</summary>
    public static Matrix<double> SideBySide(Matrix<double> left, Matrix<double> right) => Standardised(left).Append(Standardised(right));

    /// <summary>[U, 64]: numbers that say nothing of a user, from hashes of the id.</summary>
    public static Matrix<double> Random(IReadOnlyList<Person> people) => Matrix<double>.Build.Dense(
        people.Count, RandomDimension, (row, column) => StableHash.Of($"{people[row].UserId}\n{column}") / Math.Pow(2, 64));

    private static IEnumerable<string> CategoriesOf(IEnumerable<WindowEvent> events) => events.SelectMany(e => e.Categories ?? []);

    private static Matrix<double> Standardised(Matrix<double> block)
    {
        var moments = block.EnumerateColumns().Select(c => (Mean: c.Average(), Spread: c.PopulationStandardDeviation() + Tiny)).ToArray();
        return block.MapIndexed((_, k, cell) => (cell - moments[k].Mean) / moments[k].Spread / Math.Sqrt(block.ColumnCount));
    }
}
