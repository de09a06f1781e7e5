using ProfileService.Similar;
using ProfileService.Storage;

namespace ProfileService.Tests.Similar;

public sealed class VectorMatrixTests
{
    private const int Dimension = 20;

    [Fact]
    public void FindsWhatSortingAllWouldFind()
    {
        var random = new Random(1);
        var vectors = Enumerable.Range(0, 5_000).ToDictionary(u => $"u{u:D5}", _ => Unit(random));
        var matrix = Filled(vectors);
        var expected = vectors.Where(v => v.Key != "u00007").Select(v => new SimilarUser(v.Key, Dot(v.Value, vectors["u00007"]))).OrderByDescending(u => u.Similarity).Take(25).ToList();
        var found = matrix.Find("u00007", vectors["u00007"], 25);
        Assert.Equal(expected.Select(u => u.UserId), found.Select(u => u.UserId));
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First.Similarity, pair.Second.Similarity, 1e-5));
    }

    [Fact]
    public void LaterRevisionReplacesAnEarlierAndNeverTheOtherWay()
    {
        var (near, far) = (Axis(0), Axis(1));
        var matrix = new VectorMatrix(Dimension);
        matrix.Set("u1", 5, VectorBytes.From(far));
        matrix.Set("u1", 4, VectorBytes.From(near));
        Assert.Equal(new SimilarUser("u1", 0), Assert.Single(matrix.Find("u2", near, 10)));
        matrix.Set("u1", 6, VectorBytes.From(near));
        Assert.Equal(new SimilarUser("u1", 1), Assert.Single(matrix.Find("u2", near, 10)));
        Assert.Equal(1, matrix.Count);
    }

    [Fact]
    public void VectorOfAnotherDimensionIsLeftOut()
    {
        var matrix = new VectorMatrix(Dimension);
        matrix.Set("u1", 1, new byte[Dimension * 8]);
        Assert.Empty(matrix.Find("u2", Axis(0), 10));
    }

    [Fact]
    public void EqualsAreOrderedById()
    {
        var matrix = Filled(((string[])["c", "a", "b"]).ToDictionary(u => u, _ => Axis(0)));
        Assert.Equal(["a", "b"], matrix.Find("x", Axis(0), 2).Select(u => u.UserId));
    }

    [Fact]
    public async Task SearchesWhileItIsFilledSeeWholeVectors()
    {
        var matrix = new VectorMatrix(Dimension);
        var filling = Task.Run(() => Parallel.For(0, 20_000, i => matrix.Set($"u{i % 3_000}", i, VectorBytes.From(Axis(i % Dimension)))));
        while (!filling.IsCompleted)
            Assert.All(matrix.Find("none", Axis(3), 50), u => Assert.True(u.Similarity is 0 or 1)); // half of one and half of another would be neither, or both
        await filling;
        Assert.Equal(3_000, matrix.Count);
    }

    private static VectorMatrix Filled(Dictionary<string, float[]> vectors)
    {
        var matrix = new VectorMatrix(Dimension);
        foreach (var (user, vector) in vectors)
            matrix.Set(user, 1, VectorBytes.From(vector));
        return matrix;
    }

    private static float[] Axis(int axis) => [.. Enumerable.Range(0, Dimension).Select(i => i == axis ? 1f : 0f)];

    private static float[] Unit(Random random)
    {
        var vector = Enumerable.Range(0, Dimension).Select(_ => random.NextSingle() - 0.5f).ToArray();
        var length = (float)Math.Sqrt(Dot(vector, vector));
        return [.. vector.Select(x => x / length)];
    }

    private static double Dot(float[] x, float[] y) => x.Zip(y).Sum(p => (double)p.First * p.Second);
}
