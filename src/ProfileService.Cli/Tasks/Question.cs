using MathNet.Numerics.LinearAlgebra;

namespace ProfileService.Cli.Tasks;

/// <summary>A question about people, with the answers.</summary>
/// <param name="Measure"><see cref="Auc"/> or <see cref="RSquared"/>.</param>
/// <param name="Rows">The n people that are asked, as positions among all.</param>
/// <param name="Labels">[n, K]: one column an answer.</param>
internal sealed record Question(string Name, string Measure, int[] Rows, Matrix<double> Labels)
{
    public const string Auc = "AUC";
    public const string RSquared = "R²";

    private const double Rare = 0.05; // share of the people
    private const int MaxValues = 20; // most frequent first; one column each

    /// <summary>Which of the common answers people have. Rare ones, and those that nearly all people have, are not asked about.</summary>
    /// <returns>Null if it cannot be asked.</returns>
    public static Question? Among(string name, IReadOnlyList<(int Row, HashSet<string> Answers)> found, double least = Rare)
    {
        var counts = found.SelectMany(f => f.Answers).CountBy(a => a);
        var common = counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Take(MaxValues);
        var columns = common.Where(c => least * found.Count <= c.Value && c.Value <= (1 - Rare) * found.Count)
            .Select(c => c.Key).Order(StringComparer.Ordinal).ToArray();
        if (columns.Length == 0 || found.Count < People.Min)
            return null;
        var labels = Matrix<double>.Build.Dense(found.Count, columns.Length, (i, k) => found[i].Answers.Contains(columns[k]) ? 1 : 0);
        return new(columns.Length == 1 ? $"{name} = {columns[0]}" : name, Auc, RowsOf(found), labels);
    }

    /// <returns>Null if too few are asked, or if nearly all answer alike.</returns>
    public static Question? YesOrNo(string name, IReadOnlyList<(int Row, bool Answer)> found)
    {
        var yes = found.Count(f => f.Answer) / (double)Math.Max(1, found.Count);
        return found.Count >= People.Min && yes is >= Rare and <= 1 - Rare
            ? new(name, Auc, RowsOf(found), Column(found.Select(f => f.Answer ? 1.0 : 0)))
            : null;
    }

    /// <returns>Null if too few are asked, or if all answer alike.</returns>
    public static Question? Number(string name, IReadOnlyList<(int Row, double Answer)> found) =>
        found.Count >= People.Min && found.Any(f => f.Answer != found[0].Answer)
            ? new(name, RSquared, RowsOf(found), Column(found.Select(f => f.Answer)))
            : null;

    private static int[] RowsOf<T>(IReadOnlyList<(int Row, T)> found) => [.. found.Select(f => f.Row)];

    private static Matrix<double> Column(IEnumerable<double> cells) => Vector<double>.Build.DenseOfEnumerable(cells).ToColumnMatrix();
}
