using MathNet.Numerics.LinearAlgebra;
using ProfileService.Windows;

namespace ProfileService.Cli.Tasks;

/// <summary>
/// The bag of a person's known items on the first right singular vectors of everybody's bags, which a subspace iteration finds
/// (Halko, Martinsson and Tropp, 2011) that is long enough for the draw at the start not to matter. A user's row has unit length.
/// </summary>
internal static class ItemSvd
{
    private const int Dimension = 64;
    private const int Extra = 64; // directions beside those asked for
    private const int Passes = 40;

    /// <returns>[U, 64], or fewer columns if there are fewer users or items.</returns>
    public static Matrix<double> Of(People people, CancellationToken cancellationToken)
    {
        var bags = BagsOf(people.Asked.Select(p => p.Known).Concat(people.Others), out var items);
        var width = Math.Min(Dimension + Extra, Math.Min(bags.Length, items));
        var draw = new Random(0);
        var basis = Matrix<double>.Build.Dense(items, width, (_, _) => draw.NextDouble() - 0.5);
        for (var pass = 0; pass < Passes; pass++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            basis = Back(bags, Times(bags, basis), items).QR(MathNet.Numerics.LinearAlgebra.Factorization.QRMethod.Thin).Q;
        }

        var rows = Times(bags, basis); // [B, width]
        var (turn, _) = Symmetric.Eigen(rows.TransposeThisAndMultiply(rows));
        var count = Math.Min(Dimension, width);
        return rows.SubMatrix(0, people.Asked.Count, 0, width) * turn.SubMatrix(0, width, width - count, count);
    }

    /// <summary>The numbers of the items that each history has.</summary>
    private static int[][] BagsOf(IEnumerable<Window> histories, out int items)
    {
        var number = new Dictionary<string, int>();
        var bags = histories.Select(h => h.Events.Select(e => Number(e.ItemId)).Distinct().ToArray()).ToArray();
        items = number.Count;
        return bags;

        int Number(string item)
        {
            number.TryAdd(item, number.Count);
            return number[item];
        }
    }

    /// <summary>[B, width]: the bags times [N, width].</summary>
    private static Matrix<double> Times(int[][] bags, Matrix<double> cells)
    {
        var product = Matrix<double>.Build.Dense(bags.Length, cells.ColumnCount);
        for (var column = 0; column < cells.ColumnCount; column++)
        {
            for (var row = 0; row < bags.Length; row++)
            {
                var sum = 0.0;
                foreach (var item in bags[row])
                    sum += cells[item, column];
                product[row, column] = sum / Math.Sqrt(Math.Max(1, bags[row].Length));
            }
        }

        return product;
    }

    /// <summary>[N, width]: the transposed bags times [B, width].</summary>
    private static Matrix<double> Back(int[][] bags, Matrix<double> cells, int items)
    {
        var product = Matrix<double>.Build.Dense(items, cells.ColumnCount);
        for (var column = 0; column < cells.ColumnCount; column++)
        {
            for (var row = 0; row < bags.Length; row++)
            {
                var weighed = cells[row, column] / Math.Sqrt(Math.Max(1, bags[row].Length));
                foreach (var item in bags[row])
                    product[item, column] += weighed;
            }
        }

        return product;
    }
}
