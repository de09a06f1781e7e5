using MathNet.Numerics.LinearAlgebra;

namespace ProfileService.Cli.Tasks;

internal static class Symmetric
{
    /// <summary>Eigenvectors as columns, and eigenvalues ascending, for a matrix without negative ones; rounding below 0 is 0.</summary>
    public static (Matrix<double> Vectors, double[] Values) Eigen(Matrix<double> matrix)
    {
        var found = matrix.Evd(Symmetricity.Symmetric);
        return (found.EigenVectors, [.. found.EigenValues.Select(v => Math.Max(0, v.Real))]);
    }
}
