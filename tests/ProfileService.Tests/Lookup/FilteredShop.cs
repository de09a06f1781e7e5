using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Items;

namespace ProfileService.Tests.Lookup;

/// <summary>The demo shop with labels and prices. Items have several categories, one or none; some are new to the package.</summary>
public sealed class FilteredShop : IAsyncLifetime
{
    private readonly DemoShop _shop = new(("Model:Package", Repository.PartsPackage), ("Aggregates:Epsilon", "0"));

    public TestService Service => _shop.Service;

    internal ItemCatalogue Catalogue => Service.Services.GetRequiredService<ItemCatalogue>();

    public async ValueTask InitializeAsync()
    {
        await _shop.InitializeAsync();
        foreach (var (number, (item, category)) in _shop.Categories.OrderBy(c => c.Key, StringComparer.Ordinal).Index())
            Catalogue.Keep(ItemOf(item, category, number));
        for (var i = 0; i < 40; i++)
            Catalogue.Keep(ItemOf($"new-{i:D2}", i % 2 == 0 ? "yoga" : "coffee", i));
    }

    /// <summary>All items that fit the user, the best first, with their scores.</summary>
    public async Task<IReadOnlyList<(string Id, float Score)>> AllAsync(string user) =>
        Items((await Service.GetAsync($"/v1/users/{user}/recommendations?count=1000&excludeSeen=false")).Json);

    public async Task<IReadOnlyList<(string Id, float Score)>> PostAsync(string user, string body)
    {
        var reply = await Service.PostAsync($"/v1/users/{user}/recommendations", body);
        Assert.Equal(200, reply.Status);
        return Items(reply.Json);
    }

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    private static CatalogueItem ItemOf(string item, string category, int number) => new(
        item,
        number % 7 == 0 ? [] : number % 3 == 0 ? [category, "offers"] : [category],
        number % 5 == 0 ? null : number % 50,
        null,
        number % 2 == 0 ? [$"label-{number % 4}", "even"] : []);

    private static IReadOnlyList<(string Id, float Score)> Items(JsonElement reply) =>
    [
        .. reply.GetProperty("items").EnumerateArray()
            .Select(i => (i.GetProperty("itemId").GetString()!, i.GetProperty("score").GetSingle())),
    ];
}
