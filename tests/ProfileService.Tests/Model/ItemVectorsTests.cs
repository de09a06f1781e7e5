using Microsoft.Extensions.Logging.Abstractions;
using ProfileService.Model;

namespace ProfileService.Tests.Model;

public sealed class ItemVectorsTests : IDisposable
{
    private readonly PackageCopy _package = new(Repository.TinyPackage);

    [Fact]
    public void RowsAreScoredByTheirProductWithTheProfile()
    {
        var items = new ItemVectors([9, 9, 9, 9, 1, 2, 3, 4], 2, new Dictionary<string, long> { ["a"] = 2, ["b"] = 3 });
        var scores = new float[items.Rows];
        items.Score([10, 1], scores);
        Assert.Equal([float.NegativeInfinity, float.NegativeInfinity, 12, 34], scores); // the first two rows are no items
        Assert.Equal(("b", 3, null), (items.IdOf(3), items.RowOf("b"), items.RowOf("c")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(13)]
    [InlineData(64)]
    public void EqualVectorsScoreEqualWhereverTheyLie(int dimension)
    {
        var random = new Random(5);
        var vector = Enumerable.Range(0, dimension).Select(_ => random.NextSingle() - 0.5f).ToArray();
        var profile = Enumerable.Range(0, dimension).Select(_ => random.NextSingle() - 0.5f).ToArray();
        var items = new ItemVectors([.. Enumerable.Repeat(vector, 40).SelectMany(v => v)], dimension, Enumerable.Range(2, 38).ToDictionary(i => $"i{i}", i => (long)i));
        var scores = new float[items.Rows];
        items.Score(profile, scores);
        Assert.Single(scores[2..].Distinct());
        Assert.Equal(vector.Zip(profile).Sum(p => (double)p.First * p.Second), scores[2], 1e-5);
    }

    [Fact]
    public void AreLoadedWhereAskedForOnly()
    {
        using var plain = Load(false);
        Assert.Null(plain.Items);
        using var model = Load(true);
        Assert.Equal(851 + 2, model.Items!.Vectors.Rows);
        Assert.Equal("cycling-037", model.Items.Vectors.IdOf(2));
    }

    [Theory]
    [InlineData(-4)]
    [InlineData(4)]
    [InlineData(16 * 4)]
    public void FileOfAnotherSizeIsRefused(int more)
    {
        var bytes = File.ReadAllBytes(_package.PathOf("items.f32"));
        Array.Resize(ref bytes, bytes.Length + more);
        _package.Replace("items.f32", bytes);
        Assert.Contains("853 rows", Refusal().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NumberThatIsNotFiniteIsRefused()
    {
        var bytes = File.ReadAllBytes(_package.PathOf("items.f32"));
        BitConverter.TryWriteBytes(bytes.AsSpan(400), float.NaN);
        _package.Replace("items.f32", bytes);
        Assert.Contains("not finite", Refusal().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void VectorsOfItemsThatAreHashedAreRefused()
    {
        using var starter = new PackageCopy(Repository.StarterPackage);
        starter.Replace("items.f32", new byte[256 * 4]);
        var refused = Assert.Throws<PackageRefusedException>(() => ActiveModel.Load(starter.Path, new ModelOptions(), NullLogger.Instance));
        Assert.Contains("is not vocabulary", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _package.Dispose();

    private ActiveModel Load(bool withItems) => ActiveModel.Load(_package.Path, new ModelOptions(), NullLogger.Instance, withItems);

    private PackageRefusedException Refusal()
    {
        var refused = Assert.Throws<PackageRefusedException>(() => Load(false));
        Assert.EndsWith("items.f32", refused.File, StringComparison.Ordinal);
        return refused;
    }
}
