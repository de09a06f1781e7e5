using MathNet.Numerics.LinearAlgebra;

namespace ProfileService.Cli.Tasks;

/// <summary>
/// Ridge regression on vectors that are centred and scaled as a whole, for any answers of the same people. The penalty is the one of the
/// least leave-one-out error, which needs no second fit: (y - ŷ) / (1 - h) with h the diagonal of the hat matrix (Golub, Heath and Wahba,
/// 1979).
/// </summary>
internal sealed class Ridge
{
    private const double Negligible = 1e-12; // share of the greatest square
    private static readonly double[] Penalties = [.. Enumerable.Range(-2, 15).Select(p => Math.Pow(10, p / 2.0))];

    private readonly Matrix<double> _inside; // [n, r] the vectors in their principal directions
    private readonly Matrix<double> _outside; // [m, r] those to predict for, in the same
    private readonly double[] _squares; // [r] of the singular values

    /// <param name="vectors">[n, d] of the people whose answers are known.</param>
    /// <param name="others">[m, d] of those to predict for.</param>
    public Ridge(Matrix<double> vectors, Matrix<double> others)
    {
        var mean = vectors.ColumnSums() / vectors.RowCount;
        var (x, at) = (Less(vectors, mean), Less(others, mean));
        var scale = Math.Sqrt(x.PointwisePower(2).RowSums().Sum() / x.RowCount / x.ColumnCount) is > 0 and var s ? s : 1;
        (x, at) = (x / scale, at / scale);
        (_inside, _outside, _squares) = x.RowCount >= x.ColumnCount ? ByColumns(x, at) : ByRows(x, at);
    }

    /// <param name="answers">[n, K]</param>
    /// <returns>[m, K]</returns>
    public Matrix<double> Predict(Matrix<double> answers)
    {
        var centre = answers.ColumnSums() / answers.RowCount;
        var y = Less(answers, centre);
        var turned = _inside.TransposeThisAndMultiply(y); // [r, K]
        var weights = Penalties.Select(p => Shrunk(turned, p)).ToArray(); // of [r, K]
        var errors = Penalties.Zip(weights, (p, w) => ErrorsOf(p, w, y)).ToArray(); // of [K]
        var chosen = Matrix<double>.Build.Dense(turned.RowCount, turned.ColumnCount);
        for (var k = 0; k < turned.ColumnCount; k++)
            chosen.SetColumn(k, weights[Enumerable.Range(0, Penalties.Length).MinBy(p => errors[p][k])].Column(k));
        return _outside * chosen + Matrix<double>.Build.Dense(_outside.RowCount, centre.Count, (_, k) => centre[k]);
    }

    /// <summary>The mean square of the leave-one-out errors, for each answer.</summary>
    private Vector<double> ErrorsOf(double penalty, Matrix<double> weights, Matrix<double> y)
    {
        var hat = _inside.PointwisePower(2) * Vector<double>.Build.Dense(_squares.Length, r => 1 / (_squares[r] + penalty));
        var errors = y - _inside * weights;
        errors.MapIndexedInplace((i, _, error) => error / (1 - hat[i] - 1.0 / y.RowCount));
        return errors.PointwisePower(2).ColumnSums() / y.RowCount;
    }

    private Matrix<double> Shrunk(Matrix<double> turned, double penalty) =>
        turned.MapIndexed((r, _, cell) => cell / (_squares[r] + penalty));

    private static (Matrix<double>, Matrix<double>, double[]) ByColumns(Matrix<double> x, Matrix<double> at)
    {
        var (directions, squares) = Symmetric.Eigen(x.TransposeThisAndMultiply(x));
        return (x * directions, at * directions, squares);
    }

    /// <summary>The same for fewer people than columns.</summary>
    private static (Matrix<double>, Matrix<double>, double[]) ByRows(Matrix<double> x, Matrix<double> at)
    {
        var (people, squares) = Symmetric.Eigen(x.TransposeAndMultiply(x));
        var inverse = squares.Select(s => s > Negligible * squares[^1] ? 1 / Math.Sqrt(s) : 0).ToArray();
        var directions = x.TransposeThisAndMultiply(people) * Matrix<double>.Build.DenseOfDiagonalArray(inverse); // [d, n]
        return (x * directions, at * directions, squares);
    }

    private static Matrix<double> Less(Matrix<double> rows, Vector<double> mean) => rows.MapIndexed((_, k, cell) => cell - mean[k]);
}
