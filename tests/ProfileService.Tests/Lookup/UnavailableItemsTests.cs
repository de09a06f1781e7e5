using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using ProfileService.Items;
using ProfileService.Lookup;
using ProfileService.Model;

namespace ProfileService.Tests.Lookup;

/// <summary>Items that are sold out, over, or deleted.</summary>
public sealed class UnavailableItemsTests : IAsyncLifetime
{
    private const string Yoga = """ "categories":["yoga"] """;

    private readonly DemoShop _shop = new(("Model:Package", Repository.PartsPackage));

    private ItemCatalogue Catalogue => _shop.Service.Services.GetRequiredService<ItemCatalogue>();

    private ItemVectors Vectors => _shop.Service.Services.GetRequiredService<ModelSlot>().Current.Items!.Vectors;

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    [Theory]
    [InlineData("yoga-003")]
    [InlineData("new-mat")] // the package never saw it
    public async Task UnavailableItemIsInNoListUntilItIsPutAsAvailable(string item)
    {
        await PutAsync(item, $$"""{{{Yoga}}}""");
        await Eventually.IsTrueAsync(async () => (await RecommendedAsync()).Contains(item));
        await PutAsync(item, $$"""{{{Yoga}},"available":false}""");
        await Eventually.IsTrueAsync(async () => !(await RecommendedAsync()).Contains(item));
        Assert.DoesNotContain(item, Ids(await PostAsync("recommendations", """{"count":1000,"excludeSeen":"never"}""")));
        Assert.DoesNotContain(item, Ids(await GetAsync("/v1/items/yoga-004/similar?count=1000")));
        Assert.NotEmpty(Ids(await GetAsync($"/v1/items/{item}/similar")));
        Assert.False((await GetAsync($"/v1/items/{item}")).GetProperty("available").GetBoolean());

        await PutAsync(item, $$"""{{{Yoga}},"available":true}""");
        await Eventually.IsTrueAsync(async () => (await RecommendedAsync()).Contains(item));
    }

    [Fact]
    public async Task RankNamesWhatIsUnavailable()
    {
        await PutAsync("yoga-003", $$"""{{{Yoga}},"available":false}""");
        await PutAsync("coffee-001", """{"expiresAt":"2026-01-01T00:00:00Z"}""");
        await DeleteAsync("yoga-005");
        var ranked = await PostAsync("rank", """{"itemIds":["yoga-005","yoga-003","yoga-004","no-such-item","coffee-001","yoga-003"]}""");
        Assert.Equal(["yoga-004"], Ids(ranked));
        Assert.Equal(["yoga-005", "yoga-003", "coffee-001"], Texts(ranked, "unavailable"));
        Assert.Equal(["no-such-item"], Texts(ranked, "unknown"));
    }

    [Fact]
    public async Task DeletedItemThatThePackageKnowsIsNotRecommendedAndStaysInTheWindow()
    {
        const string Path = "/v1/users/u0001/window";
        var before = await _shop.Service.GetAsync(Path);
        var item = before.Json.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("itemId").GetString()!)
            .First(id => Vectors.RowOf(id) is not null);
        await PutAsync(item, $$"""{{{Yoga}}}""");
        await Eventually.IsTrueAsync(async () => (await RecommendedAsync()).Contains(item));
        await DeleteAsync(item);
        await DeleteAsync(item); // as often as one likes
        await Eventually.IsTrueAsync(async () => !(await RecommendedAsync()).Contains(item));
        (await _shop.Service.GetAsync($"/v1/items/{item}")).Problem(404);
        Assert.NotEmpty(Ids(await GetAsync($"/v1/items/{item}/similar"))); // by its vector
        Assert.Equal(before.Body, (await _shop.Service.GetAsync(Path)).Body);

        await PutAsync(item, $$"""{{{Yoga}}}""");
        await Eventually.IsTrueAsync(async () => (await RecommendedAsync()).Contains(item));
    }

    [Fact]
    public async Task DeletedItemThatThePackageNeverSawIsUnknown()
    {
        await PutAsync("new-mat", $$"""{{{Yoga}}}""");
        await Eventually.IsTrueAsync(async () => (await RecommendedAsync()).Contains("new-mat"));
        await DeleteAsync("new-mat");
        await Eventually.IsTrueAsync(async () => (await _shop.Service.GetAsync("/v1/items/new-mat/similar")).Status == 404);
    }

    [Fact]
    public void ItemIsOutFromTheMomentItExpiresWithoutAnotherIndex()
    {
        var time = new FakeTimeProvider(TestEvents.Start);
        var indexes = new ItemIndexes(Catalogue, time);
        Expire("yoga-003", 2);
        Expire("yoga-004", 1);
        Expire("yoga-005", -1);
        var index = indexes.Of(Vectors);
        Assert.Equal([true, true, false], Available(index));
        time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromTicks(10));
        Assert.Equal([true, true, false], Available(index));
        time.Advance(TimeSpan.FromTicks(10));
        Assert.Equal([true, false, false], Available(index));
        time.Advance(TimeSpan.FromHours(5));
        Assert.Equal([false, false, false], Available(index));
        Assert.Same(index, indexes.Of(Vectors));
        Assert.False(Catalogue.IsAvailable("yoga-003", time.GetUtcNow(), out _));

        void Expire(string item, int hours) => Catalogue.Keep(
            new CatalogueItem(item, [], null, null, [], ExpiresAt: TestEvents.Start.UtcDateTime.AddHours(hours)));
    }

    [Fact]
    public async Task ItemThatIsOverIsNotRecommended()
    {
        await PutAsync("yoga-003", $$"""{{{Yoga}},"expiresAt":1767225600000}""");
        await Eventually.IsTrueAsync(async () => !(await RecommendedAsync()).Contains("yoga-003"));
        Assert.Equal("2026-01-01T00:00:00Z", (await GetAsync("/v1/items/yoga-003")).GetProperty("expiresAt").GetString());
    }

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    private static bool[] Available(ItemIndex index)
    {
        using var rows = ItemFilter.None.RowsOf(index);
        return [.. new[] { "yoga-003", "yoga-004", "yoga-005" }.Select(item => rows.Contains(index.RowOf(item)!.Value))];
    }

    private static IReadOnlyList<string> Ids(JsonElement reply) =>
        [.. reply.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("itemId").GetString()!)];

    private static IEnumerable<string?> Texts(JsonElement reply, string field) =>
        reply.GetProperty(field).EnumerateArray().Select(t => t.GetString());

    private async Task<IReadOnlyList<string>> RecommendedAsync() =>
        Ids(await GetAsync("/v1/users/u0001/recommendations?count=1000&excludeSeen=false"));

    private async Task<JsonElement> GetAsync(string path) => Ok(await _shop.Service.GetAsync(path));

    private async Task<JsonElement> PostAsync(string address, string body) =>
        Ok(await _shop.Service.PostAsync($"/v1/users/u0001/{address}", body));

    private async Task PutAsync(string item, string body) => Ok(await _shop.Service.PutAsync($"/v1/items/{item}", body));

    private async Task DeleteAsync(string item) =>
        Assert.Equal(204, (await _shop.Service.SendAsync(HttpMethod.Delete, $"/v1/items/{item}", [])).Status);

    private static JsonElement Ok(Reply reply)
    {
        Assert.Equal(200, reply.Status);
        return reply.Json;
    }
}
