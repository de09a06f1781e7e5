using Microsoft.Extensions.Logging.Abstractions;
using ProfileService.Model;

namespace ProfileService.Tests.Model;

/// <summary>What a package counts of items besides their vectors: neighbours.bin and likings.f32.</summary>
public sealed class ItemNeighboursTests : IDisposable
{
    private readonly PackageCopy _package = new(Repository.PartsPackage);

    [Fact]
    public void EveryItemOfTheShopHasNeighboursOfItsOwnCategory()
    {
        using var model = Load();
        var (vectors, neighbours) = (model.Items!.Vectors, model.Items.Neighbours!);
        var scores = new float[vectors.Rows];
        neighbours.Add(vectors.RowOf("yoga-003")!.Value, 2, scores);
        var near = Enumerable.Range(2, vectors.Rows - 2).Where(row => scores[row] > 0).OrderByDescending(row => scores[row]).Select(vectors.IdOf).ToList();
        Assert.InRange(near.Count, 20, neighbours.Manifest.Count);
        Assert.All(near.Take(10), item => Assert.StartsWith("yoga", item, StringComparison.Ordinal));
        Assert.Equal(0, scores[vectors.RowOf("yoga-003")!.Value]); // none is its own
    }

    [Theory]
    [InlineData("neighbours.bin", -8)]
    [InlineData("neighbours.bin", 4)]
    [InlineData("likings.f32", 4)]
    [InlineData("likings.f32", -1)]
    public void FileOfAnotherSizeIsRefused(string file, int more)
    {
        var bytes = File.ReadAllBytes(_package.PathOf(file));
        Array.Resize(ref bytes, bytes.Length + more);
        _package.Replace(file, bytes);
        Assert.Contains("bytes", Refusal(file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("likings.f32", 40, 1.5f, "from -1 to 1")]
    [InlineData("likings.f32", 40, float.NaN, "from -1 to 1")]
    [InlineData("neighbours.bin", -40, float.NaN, "not finite")]
    [InlineData("neighbours.bin", -40, -1f, "below 0")]
    [InlineData("neighbours.bin", 40, -1f, "names row")] // its bits are those of a great negative number
    public void NumberThatCannotBeIsRefused(string file, int at, float number, string problem)
    {
        var bytes = File.ReadAllBytes(_package.PathOf(file));
        BitConverter.TryWriteBytes(bytes.AsSpan(at < 0 ? bytes.Length + at : at), number);
        _package.Replace(file, bytes);
        Assert.Contains(problem, Refusal(file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 0, null, "names a neighbour twice")] // the first, once more
    [InlineData(0, null, null, "or itself")]
    [InlineData(1, 1, 9f, "rise")]
    public void RowThatNoCountingGivesIsRefused(int place, int? neighbour, float? weight, string problem)
    {
        using var model = Load();
        var (row, neighbours) = (model.Items!.Vectors.RowOf("yoga-003")!.Value, model.Items.Neighbours!);
        var cell = sizeof(int) * ((row * neighbours.Manifest.Count) + place);
        var bytes = File.ReadAllBytes(_package.PathOf("neighbours.bin"));
        BitConverter.TryWriteBytes(bytes.AsSpan(cell), neighbour is { } other ? neighbours.Of(row)[other] : row);
        if (weight is { } greater)
            BitConverter.TryWriteBytes(bytes.AsSpan((bytes.Length / 2) + cell), greater);
        _package.Replace("neighbours.bin", bytes);
        Assert.Contains(problem, Refusal("neighbours.bin"), StringComparison.Ordinal);
    }

    public void Dispose() => _package.Dispose();

    private ActiveModel Load() => ActiveModel.Load(_package.Path, new ModelOptions(), NullLogger.Instance, withItems: true);

    private string Refusal(string file)
    {
        var refused = Assert.Throws<PackageRefusedException>(Load);
        Assert.Contains(file, refused.Message, StringComparison.Ordinal);
        return refused.Message;
    }
}
