using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

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
        var bags = new ItemBags(people.Asked.Select(p => p.Known).Concat(people.Others));
        var width = Math.Min(Dimension + Extra, Math.Min(bags.Count, bags.Items));
        var draw = new Random(0);
        var basis = Matrix<double>.Build.Dense(bags.Items, width, (_, _) => draw.NextDouble() - 0.5);
        for (var pass = 0; pass < Passes; pass++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            basis = bags.TransposedTimes(bags.Times(basis)).QR(QRMethod.Thin).Q;
        }

        var rows = bags.Times(basis); // [B, width]
        var (turn, _) = Symmetric.Eigen(rows.TransposeThisAndMultiply(rows));
        var count = Math.Min(Dimension, width);
        return rows.SubMatrix(0, people.Asked.Count, 0, width) * turn.SubMatrix(0, width, width - count, count);
    }
}
