using System.Numerics.Tensors;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Model;

namespace ProfileService.Tests.Lookup;

public sealed class SimilarItemsTests(FilteredShop shop) : IClassFixture<FilteredShop>
{
    private ItemVectors Vectors => Items.Vectors;

    private PackageItems Items => shop.Service.Services.GetRequiredService<ModelSlot>().Current.Items!;

    [Fact]
    public async Task AreTheItemsOfTheGreatestCosineWithoutTheItemItself()
    {
        var reply = await GetAsync("yoga-003", "?count=1000");
        Assert.Equal(("yoga-003", "parts/1"), (reply.GetProperty("itemId").GetString(), reply.GetProperty("model").GetString()));
        var vectors = Vectors;
        var own = vectors.VectorOf(vectors.RowOf("yoga-003")!.Value).ToArray();
        var cosines = Enumerable.Range(2, vectors.Count)
            .ToDictionary(vectors.IdOf, row => TensorPrimitives.CosineSimilarity<float>(vectors.VectorOf(row), own));
        cosines.Remove("yoga-003");
        var found = ItemsOf(reply);
        Assert.Equal(cosines.Keys.Where(id => !float.IsNaN(cosines[id])).Order(), found.Select(i => i.Id).Order());
        Assert.All(found, i => Assert.Equal(cosines[i.Id], i.Similarity, 1e-4));
        Assert.Equal(found.OrderByDescending(i => i.Similarity).ThenBy(i => i.Id, StringComparer.Ordinal), found);
        Assert.All(found, i => Assert.InRange(i.Similarity, -1.0001, 1.0001));
    }

    [Fact]
    public async Task CategoriesKeepTheNearestOfTheirs()
    {
        var all = ItemsOf(await GetAsync("yoga-003", "?count=1000"));
        var expected = all.Where(i => shop.Catalogue.Find(i.Id)!.Categories.Any(c => c is "coffee" or "running")).Take(5);
        Assert.Equal(expected, ItemsOf(await GetAsync("yoga-003", "?count=5&categories=coffee,running")));
        Assert.Empty(ItemsOf(await GetAsync("yoga-003", "?categories=nothing")));
    }

    [Fact]
    public async Task ItemThatThePackageNeverSawIsLikeTheMeanOfItsCategory()
    {
        var vectors = Vectors;
        var mean = new float[vectors.Dimension];
        var rows = Enumerable.Range(2, vectors.Count).ToList();
        foreach (var row in rows.Where(row => shop.Catalogue.Find(vectors.IdOf(row))?.Categories.Contains("coffee") == true))
            TensorPrimitives.Add(mean, vectors.VectorOf(row), mean);
        var nearest = rows.MaxBy(row => TensorPrimitives.CosineSimilarity<float>(vectors.VectorOf(row), mean));
        var item = shop.Catalogue.All
            .First(i => i.ItemId.StartsWith("new-", StringComparison.Ordinal) && i.Categories is ["coffee"]).ItemId;
        Assert.Equal(vectors.IdOf(nearest), ItemsOf(await GetAsync(item, "?count=1"))[0].Id);
        Assert.DoesNotContain(ItemsOf(await GetAsync(item, "?count=1000")), i => i.Id.StartsWith("new-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task CarryWhatTheCatalogueKnows()
    {
        var item = (await GetAsync("yoga-003", "?count=1")).GetProperty("items")[0];
        var known = shop.Catalogue.Find(item.GetProperty("itemId").GetString()!)!;
        Assert.Equal(known.Price, item.TryGetProperty("price", out var price) ? price.GetDouble() : null);
    }

    [Fact]
    public async Task ByNeighboursAreThoseThatAreMetTogether()
    {
        var (vectors, row) = (Vectors, Vectors.RowOf("yoga-003")!.Value);
        List<(string Id, float Similarity)> expected = [];
        for (var i = 0; i < Items.Neighbours!.Of(row).Length; i++)
            expected.Add((vectors.IdOf(Items.Neighbours.Of(row)[i]), Items.Neighbours.WeightsOf(row)[i]));
        Assert.InRange(expected.Count, 5, 128);
        expected = [.. expected.OrderByDescending(i => i.Similarity).ThenBy(i => i.Id, StringComparer.Ordinal)];
        Assert.Equal(expected, ItemsOf(await GetAsync("yoga-003", "?by=neighbours&count=1000")));
        Assert.Equal(expected.Take(3), ItemsOf(await GetAsync("yoga-003", "?by=neighbours&count=3")));
        var coffee = expected.Where(i => shop.Catalogue.Find(i.Id)!.Categories.Contains("coffee"));
        Assert.Equal(coffee, ItemsOf(await GetAsync("yoga-003", "?by=neighbours&count=1000&categories=coffee")));
    }

    [Fact]
    public async Task ItemThatTheCountsNeverMetIs404ByNeighbours()
    {
        var problem = (await shop.Service.GetAsync("/v1/items/new-02/similar?by=neighbours")).Problem(404);
        Assert.Equal("unknown_item", problem.GetProperty("code").GetString());
    }

    [Fact]
    public async Task PackageWithoutNeighboursIs409()
    {
        using var service = new TestService(("Model:Package", Repository.Path("tests/packages/reference/one-served")));
        Assert.Equal(200, (await service.GetAsync("/v1/items/1001/similar")).Status);
        var problem = (await service.GetAsync("/v1/items/1001/similar?by=neighbours")).Problem(409);
        Assert.Equal("no_neighbours", problem.GetProperty("code").GetString());
    }

    [Fact]
    public async Task ItemOfWhichNothingIsKnownIs404()
    {
        var problem = (await shop.Service.GetAsync("/v1/items/no-such-item/similar")).Problem(404);
        Assert.Equal("unknown_item", problem.GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("?count=0", "out_of_range", "count")]
    [InlineData("?categories=", "invalid_length", "categories")]
    [InlineData("?category=yoga", "unknown_parameter", "category")]
    [InlineData("?by=counts", "unknown_measure", "by")]
    [InlineData("?by=", "unknown_measure", "by")]
    public async Task BadQueryIs400ThatNamesTheField(string query, string code, string field)
    {
        var problem = (await shop.Service.GetAsync($"/v1/items/yoga-003/similar{query}")).Problem(400);
        Assert.Equal((code, field), (problem.GetProperty("code").GetString(), problem.GetProperty("field").GetString()));
    }

    [Fact]
    public async Task PackageWithoutItemVectorsIs409()
    {
        using var service = new TestService(("Model:Package", Repository.StarterPackage));
        var problem = (await service.GetAsync("/v1/items/yoga-003/similar")).Problem(409);
        Assert.Equal("no_item_vectors", problem.GetProperty("code").GetString());
    }

    private static IReadOnlyList<(string Id, float Similarity)> ItemsOf(JsonElement reply) =>
    [
        .. reply.GetProperty("items").EnumerateArray()
            .Select(i => (i.GetProperty("itemId").GetString()!, i.GetProperty("similarity").GetSingle())),
    ];

    private async Task<JsonElement> GetAsync(string item, string query)
    {
        var reply = await shop.Service.GetAsync($"/v1/items/{item}/similar{query}");
        Assert.Equal(200, reply.Status);
        return reply.Json;
    }
}
