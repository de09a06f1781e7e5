using MathNet.Numerics.LinearAlgebra;

namespace ProfileService.Cli.Tasks;

/// <summary>How good guesses are.</summary>
internal static class Score
{
    /// <param name="truth">[m, K]</param>
    /// <param name="guess">[m, K]</param>
    /// <returns>
    /// R² over all columns, NaN if the truth has but one answer, of which nothing can be explained; or the mean AUC of the columns that
    /// have both answers, NaN if none has.
    /// </returns>
    public static double Of(string measure, Matrix<double> truth, Matrix<double> guess)
    {
        if (measure == Question.RSquared)
            return RSquared(truth, guess);
        var sums = truth.ColumnSums();
        var both = Enumerable.Range(0, truth.ColumnCount).Where(k => sums[k] > 0 && sums[k] < truth.RowCount).ToList();
        return both.Count == 0 ? double.NaN : both.Average(k => Auc([.. truth.Column(k).Select(t => t > 0)], [.. guess.Column(k)]));
    }

    /// <summary>
    /// The share of pairs of a yes and a no in which the yes has the higher guess, by ranks; ties count half (Mann and Whitney, 1947).
    /// </summary>
    public static double Auc(bool[] truth, double[] guess)
    {
        var sum = 0.0;
        var before = 0;
        foreach (var tie in truth.Zip(guess).GroupBy(p => p.Second).OrderBy(g => g.Key))
        {
            var (count, yes) = (tie.Count(), tie.Count(p => p.First));
            sum += yes * (before + ((count + 1) / 2.0));
            before += count;
        }

        double hits = truth.Count(t => t);
        return (sum - (hits * (hits + 1) / 2)) / (hits * (truth.Length - hits));
    }

    private static double RSquared(Matrix<double> truth, Matrix<double> guess)
    {
        // Compared cell by cell: the mean of equal numbers may be rounded, and then the variance is above 0.
        if (truth.EnumerateColumns().All(column => column.All(cell => cell == column[0])))
            return double.NaN;
        var mean = truth.ColumnSums() / truth.RowCount;
        return 1 - ((truth - guess).PointwisePower(2).RowSums().Sum()
            / truth.MapIndexed((_, k, cell) => Math.Pow(cell - mean[k], 2)).RowSums().Sum());
    }
}
