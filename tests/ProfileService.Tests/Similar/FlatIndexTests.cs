using ProfileService.Similar;
using ProfileService.Storage;

namespace ProfileService.Tests.Similar;

public sealed class FlatIndexTests
{
    private const int Dimension = 20;

    [Fact]
    public void FindsWhatSortingAllWouldFind()
    {
        var random = new Random(1);
        var vectors = Enumerable.Range(0, 5_000).ToDictionary(u => $"u{u:D5}", _ => Unit(random));
        var index = Filled(vectors);
        var expected = vectors.Where(v => v.Key != "u00007").Select(v => new SimilarUser(v.Key, Dot(v.Value, vectors["u00007"]))).OrderByDescending(u => u.Similarity).Take(25).ToList();
        var found = index.Find("u00007", vectors["u00007"], 25);
        Assert.Equal(expected.Select(u => u.UserId), found.Select(u => u.UserId));
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First.Similarity, pair.Second.Similarity, 1e-5));
    }

    [Fact]
    public void LaterRevisionReplacesAnEarlierAndNeverTheOtherWay()
    {
        var (near, far) = (Axis(0), Axis(1));
        var index = new FlatIndex(Dimension);
        index.Set("u1", 5, VectorBytes.From(far));
        index.Set("u1", 4, VectorBytes.From(near));
        Assert.Equal(new SimilarUser("u1", 0), Assert.Single(index.Find("u2", near, 10)));
        index.Set("u1", 6, VectorBytes.From(near));
        Assert.Equal(new SimilarUser("u1", 1), Assert.Single(index.Find("u2", near, 10)));
        Assert.Equal(1, index.Count);
    }

    [Fact]
    public void VectorOfAnotherDimensionIsLeftOut()
    {
        var index = new FlatIndex(Dimension);
        index.Set("u1", 1, new byte[Dimension * 8]);
        Assert.Empty(index.Find("u2", Axis(0), 10));
    }

    [Fact]
    public void EqualsAreOrderedById()
    {
        var index = Filled(((string[])["c", "a", "b"]).ToDictionary(u => u, _ => Axis(0)));
        Assert.Equal(["a", "b"], index.Find("x", Axis(0), 2).Select(u => u.UserId));
    }

    [Fact]
    public void RemovedUserIsFoundNoMoreAndTheRowIsUsedAgain()
    {
        var index = Filled(((string[])["a", "b", "c"]).ToDictionary(u => u, _ => Axis(0)));
        index.Remove("b");
        index.Remove("nobody");
        Assert.Equal(["a", "c"], index.Find("x", Axis(0), 10).Select(u => u.UserId));
        Assert.Equal(2, index.Count);
        index.Set("d", 1, VectorBytes.From(Axis(0)));
        index.Set("b", 1, VectorBytes.From(Axis(0))); // lower than it was: a user who begins anew is a new one
        Assert.Equal(["a", "b", "c", "d"], index.Find("x", Axis(0), 10).Select(u => u.UserId));
        Assert.Equal(4, index.Count);
    }

    [Fact]
    public void RowThatChangesHandsDuringASearchIsNobodys()
    {
        var index = Filled(Enumerable.Range(0, 1_025).ToDictionary(u => $"u{u:D4}", u => Axis(u is 0 or 1_024 ? 0 : 1))); // two chunks
        var found = index.Find("x", Axis(0), 2, user =>
        {
            if (user == "u1024" && index.Users.Contains("u0000"))
            {
                index.Remove("u0000"); // found before
                index.Set("another", 1, VectorBytes.From(Axis(1)));
            }

            return user != "another";
        });
        Assert.Equal(["u1024"], found.Select(u => u.UserId));
    }

    [Fact]
    public void UserOfAHigherRevisionIsNotRemoved()
    {
        var index = new FlatIndex(Dimension);
        index.Set("a", 7, VectorBytes.From(Axis(1)));
        index.Remove("a", 6);
        Assert.Equal(["a"], index.Users);
        index.Remove("a", 7);
        Assert.Empty(index.Users);
    }

    [Fact]
    public async Task RemovedUsersDisturbNobodyWhoIsAddedMeanwhile()
    {
        var index = new FlatIndex(Dimension);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(hand => Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                index.Set($"{hand}-{i % 50}", i, VectorBytes.From(Axis(hand)));
                if (i % 3 == 0)
                    index.Remove($"{hand}-{(i + 7) % 50}");
            }
        })));
        foreach (var hand in Enumerable.Range(0, 4))
            Assert.All(index.Find("none", Axis(hand), 500), u => Assert.Equal(u.UserId.StartsWith($"{hand}-", StringComparison.Ordinal) ? 1 : 0, u.Similarity));
    }

    [Fact]
    public async Task SearchesWhileItIsFilledSeeWholeVectors()
    {
        var index = new FlatIndex(Dimension);
        var filling = Task.Run(() => Parallel.For(0, 20_000, i => index.Set($"u{i % 3_000}", i, VectorBytes.From(Axis(i % Dimension)))));
        while (!filling.IsCompleted)
            Assert.All(index.Find("none", Axis(3), 50), u => Assert.True(u.Similarity is 0 or 1)); // half of one and half of another would be neither, or both
        await filling;
        Assert.Equal(3_000, index.Count);
    }

    private static FlatIndex Filled(Dictionary<string, float[]> vectors)
    {
        var index = new FlatIndex(Dimension);
        foreach (var (user, vector) in vectors)
            index.Set(user, 1, VectorBytes.From(vector));
        return index;
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
