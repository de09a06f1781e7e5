using MathNet.Numerics.LinearAlgebra;
using ProfileService.Cli.Tasks;

namespace ProfileService.Tests.Cli;

/// <summary>The probe is the ridge regression that the textbook has, and finds what is in a vector and nothing in noise.</summary>
public sealed class LinearProbeTests
{
    private const int People = 300;

    private static readonly string[] Users = [.. Enumerable.Range(0, People).Select(n => $"u{n}")];

    [Theory]
    [InlineData(12)]
    [InlineData(60)] // more numbers than people
    public void PredictionIsThatOfThePenaltyWithTheLeastErrorWhenEachIsLeftOutInTurn(int dimension)
    {
        const int Fitted = 40;
        var x = Noise(Fitted, dimension, seed: 3);
        var y = x.SubMatrix(0, Fitted, 0, 1) + Noise(Fitted, 1, seed: 4);
        var scaled = Scaled(x);
        var penalties = Enumerable.Range(-2, 15).Select(p => Math.Pow(10, p / 2.0));
        var best = penalties.MinBy(p => Enumerable.Range(0, Fitted).Sum(left => Math.Pow(ErrorOf(left, p), 2)));
        var expected = WithOnes(scaled) * Fit(scaled, y, best);
        var found = new Ridge(x, x).Predict(y);
        Assert.All(Enumerable.Range(0, Fitted), i => Assert.Equal(expected[i, 0], found[i, 0], 1e-8));

        double ErrorOf(int left, double penalty)
        {
            var weights = Fit(scaled.RemoveRow(left), y.RemoveRow(left), penalty);
            return y[left, 0] - (WithOnes(scaled).Row(left) * weights)[0];
        }
    }

    [Fact]
    public void WhatAVectorSaysIsFoundAndInNoiseNothing()
    {
        var vectors = Noise(People, 12, seed: 5);
        var hidden = vectors * Noise(12, 1, seed: 6);
        var noise = Noise(People, 1, seed: 7);
        var all = Enumerable.Range(0, People).ToArray();
        var found = new LinearProbe(vectors, Users).Measure(
            [
                new("hidden", Question.RSquared, all, hidden),
                new("sign", Question.Auc, all, hidden.Map(h => h > 0 ? 1.0 : 0)),
                new("noise", Question.RSquared, all, noise),
                new("some", Question.RSquared, [.. all.Where(i => i % 2 == 0)], Matrix<double>.Build.Dense(People / 2, 1, (i, _) => hidden[2 * i, 0])),
            ],
            TestContext.Current.CancellationToken);
        Assert.True(found[0].Average() > 0.99);
        Assert.True(found[1].Average() > 0.97);
        Assert.True(found[2].Average() < 0.05);
        Assert.True(found[3].Average() > 0.99);
    }

    [Fact]
    public void VectorsThatAreAllAlikeSayNothing()
    {
        var labels = Matrix<double>.Build.Dense(People, 1, (i, _) => i % 2);
        var found = new LinearProbe(Matrix<double>.Build.Dense(People, 3, 1), Users)
            .Measure([new("q", Question.Auc, [.. Enumerable.Range(0, People)], labels)], TestContext.Current.CancellationToken);
        Assert.All(found[0], auc => Assert.Equal(0.5, auc));
    }

    [Fact]
    public void FoldsAreThoseOfTraining() => Assert.Equal([2, 1, 0, 4, 3, 0], LinearProbe.FoldsOf(["a", "b", "c", "ä", "u1", "u2"], 0));

    [Theory]
    [InlineData(Question.RSquared, 0.1)] // the mean of these is rounded
    [InlineData(Question.RSquared, 3.1)]
    [InlineData(Question.RSquared, 3)]
    [InlineData(Question.Auc, 1)]
    public void FoldWithOneAnswerHasNoMeasure(string measure, double answer) =>
        Assert.Equal(double.NaN, Score.Of(measure, Matrix<double>.Build.Dense(20, 1, answer), Noise(20, 1, seed: 8)));

    [Fact]
    public void AucIsTheShareOfPairsInOrderAndTiesCountHalf()
    {
        Assert.Equal(0.75, Score.Auc([true, false, true, false], [4, 3, 2, 1]));
        Assert.Equal(0.5, Score.Auc([true, false], [1, 1]));
    }

    private static Matrix<double> Noise(int rows, int columns, int seed)
    {
        var draw = new Random(seed);
        return Matrix<double>.Build.Dense(rows, columns, (_, _) => Enumerable.Range(0, 12).Sum(_ => draw.NextDouble()) - 6);
    }

    private static Matrix<double> Scaled(Matrix<double> x)
    {
        var mean = x.ColumnSums() / x.RowCount;
        var centred = x.MapIndexed((_, k, cell) => cell - mean[k]);
        return centred / Math.Sqrt(centred.PointwisePower(2).ColumnSums().Sum() / x.RowCount / x.ColumnCount);
    }

    private static Matrix<double> WithOnes(Matrix<double> x) => Matrix<double>.Build.Dense(x.RowCount, 1, 1).Append(x);

    /// <summary>The normal equations, with an intercept that is not penalised.</summary>
    private static Matrix<double> Fit(Matrix<double> x, Matrix<double> y, double penalty)
    {
        var design = WithOnes(x);
        var ridge = Matrix<double>.Build.Diagonal(design.ColumnCount, design.ColumnCount, k => k == 0 ? 0 : penalty);
        return (design.TransposeThisAndMultiply(design) + ridge).Solve(design.TransposeThisAndMultiply(y));
    }
}
