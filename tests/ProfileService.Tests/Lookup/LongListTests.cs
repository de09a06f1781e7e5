using Microsoft.Extensions.DependencyInjection;
using ProfileService.Items;
using static ProfileService.Tests.Lookup.RecommendationPageTests;

namespace ProfileService.Tests.Lookup;

/// <summary>A list of more items than an answer may have.</summary>
public sealed class LongListTests(DemoShop shop) : IClassFixture<DemoShop>, IAsyncLifetime
{
    private const string All = """ "excludeSeen":"never", """;
    private const int New = 300;

    private ItemCatalogue Catalogue => shop.Service.Services.GetRequiredService<ItemCatalogue>();

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < New; i++)
            Catalogue.Keep(new CatalogueItem($"new-{i:D3}", ["tea", "coffee"], null, null, []));
        const string Tea = """ "filter":{"categories":["tea"]}, """;
        await Eventually.IsTrueAsync(async () => (await PagesAsync(shop.Service, Tea, 1_000)).Count == New);
    }

    [Fact]
    public async Task GoesOnToItsEnd()
    {
        var items = await PagesAsync(shop.Service, All, 1_000);
        Assert.Equal(shop.Categories.Count + New, items.Select(i => i.Id).Distinct().Count());
        Assert.Equal(shop.Categories.Count + New, items.Count);
        Assert.Equal(items, await PagesAsync(shop.Service, All, 333));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
