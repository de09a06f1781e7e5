using MathNet.Numerics.LinearAlgebra;
using ProfileService.Platform;

namespace ProfileService.Cli.Tasks;

/// <summary>What a linear probe reads from frozen vectors, for people that it was not fitted on. As probe.py in training.</summary>
/// <param name="vectors">[U, d] of all people.</param>
/// <param name="users">Their ids, which alone decide who is in which fold.</param>
internal sealed class LinearProbe(Matrix<double> vectors, IReadOnlyList<string> users)
{
    public const int Folds = 5;
    private const int Foldings = 5;

    /// <summary>The measure in each fold of each folding, for each question; NaN where a fold has but one answer.</summary>
    public double[][] Measure(IReadOnlyList<Question> questions, CancellationToken cancellationToken)
    {
        var found = questions.Select(_ => new double[Foldings * Folds]).ToArray();
        foreach (var same in questions.Index().GroupBy(q => string.Join(' ', q.Item.Rows))) // one decomposition serves them all
        {
            var rows = same.First().Item.Rows;
            for (var i = 0; i < Foldings * Folds; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var fold = FoldsOf([.. rows.Select(r => users[r])], i / Folds);
                var (inside, outside) = (Where(fold, f => f != i % Folds), Where(fold, f => f == i % Folds));
                var ridge = new Ridge(Pick(vectors, [.. inside.Select(r => rows[r])]), Pick(vectors, [.. outside.Select(r => rows[r])]));
                foreach (var (at, question) in same)
                {
                    var guess = ridge.Predict(Pick(question.Labels, inside));
                    found[at][i] = Score.Of(question.Measure, Pick(question.Labels, outside), guess);
                }
            }
        }

        return found;
    }

    /// <summary>The fold of each user: dealt out in the order of a hash of folding and id.</summary>
    public static int[] FoldsOf(IReadOnlyList<string> users, int folding)
    {
        var fold = new int[users.Count];
        foreach (var (place, row) in Enumerable.Range(0, users.Count).OrderBy(row => StableHash.Of($"{folding}\n{users[row]}")).Index())
            fold[row] = place % Folds;
        return fold;
    }

    private static int[] Where(int[] fold, Func<int, bool> matches) =>
        [.. Enumerable.Range(0, fold.Length).Where(row => matches(fold[row]))];

    private static Matrix<double> Pick(Matrix<double> rows, int[] picked) =>
        Matrix<double>.Build.Dense(picked.Length, rows.ColumnCount, (i, k) => rows[picked[i], k]);
}
