using MathNet.Numerics.LinearAlgebra;
using ProfileService.Cli.Evaluation;
using ProfileService.Model;

namespace ProfileService.Cli.Tasks;

/// <summary>What a package says of people's known events; never from attributes.</summary>
internal static class PackageVectors
{
    /// <summary>[U, D]: the profiles that the service computes.</summary>
    public static Matrix<double> Profiles(
        ActiveModel model, ItemLookup catalogue, IReadOnlyList<Person> people, CancellationToken cancellationToken)
    {
        var rows = Matrix<double>.Build.Dense(people.Count, model.Manifest.Dimension);
        new WindowVectors(model, new Dictionary<string, Dictionary<string, string>>(), catalogue).Compute(
            [.. people.Select(p => p.Known)],
            (row, vector) =>
            {
                for (var k = 0; k < vector.Length; k++)
                    rows[row, k] = vector[k];
            },
            _ => { },
            cancellationToken);
        return rows;
    }

    /// <summary>[U, D]: the plain mean of the vectors of the window's items, 0 for an item that the package does not know.</summary>
    public static Matrix<double> MeanOfItems(ActiveModel model, ItemVectors items, IReadOnlyList<Person> people) =>
        Matrix<double>.Build.DenseOfRows(people.Select(p => MeanOfItems(model, items, p)));

    private static double[] MeanOfItems(ActiveModel model, ItemVectors items, Person person)
    {
        var (sum, length) = (new double[items.Dimension], model.Encoder.LengthOf(person.Known));
        foreach (var row in person.Known.Events.TakeLast(length).Select(e => items.RowOf(e.ItemId)).OfType<int>())
        {
            for (var k = 0; k < sum.Length; k++)
                sum[k] += items.Vectors[(row * items.Dimension) + k] / length;
        }

        return sum;
    }
}
