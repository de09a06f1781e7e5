using System.Security.Cryptography;
using ProfileService.Windows;

namespace ProfileService.Tests.Windows;

public sealed class SeenItemsTests
{
    private const int Others = 200_000;

    /// <summary>The rates of docs/storage.md.</summary>
    [Theory]
    [InlineData(100, 0.0000)]
    [InlineData(300, 0.0004)]
    [InlineData(500, 0.0023)]
    [InlineData(800, 0.0112)]
    [InlineData(1_000, 0.0228)]
    [InlineData(2_000, 0.1538)]
    public void OfItemsThatWereNotMetAsManyAreTakenForMetAsIsSaid(int items, double rate)
    {
        var seen = SeenItems.Of(Enumerable.Range(0, items).Select(i => $"sku-{i:D6}"));
        Assert.All(Enumerable.Range(0, items), i => Assert.True(seen.Contains(SeenItems.HashOf($"sku-{i:D6}"))));
        var wrong = Enumerable.Range(0, Others).Count(i => seen.Contains(SeenItems.HashOf($"other-{i:D6}"))) / (double)Others;
        Assert.InRange(wrong, rate * 0.9 - 0.0002, rate * 1.1 + 0.0002);
        Assert.InRange(seen.FalsePositives, rate * 0.9 - 0.0001, rate * 1.1 + 0.0001);
        Assert.InRange(seen.EstimatedItems, items * 0.95, items * 1.05);
    }

    [Fact]
    public void StoredFiltersStayReadable()
    {
        var filter = SeenItems.Of(["sku-1", "ü", "x"]).Filter;
        Assert.Equal(SeenItems.Bytes, filter.Length);
        Assert.Equal("97b3953e11740cd0", Convert.ToHexStringLower(SHA256.HashData(filter.Span))[..16]);
    }

    [Fact]
    public void ValueOfAnotherLengthIsNoFilter()
    {
        Assert.Null(SeenItems.From(null));
        Assert.Null(SeenItems.From([]));
        Assert.Null(SeenItems.From(new byte[SeenItems.Bytes + 1]));
        Assert.NotNull(SeenItems.From(new byte[SeenItems.Bytes]));
    }
}
