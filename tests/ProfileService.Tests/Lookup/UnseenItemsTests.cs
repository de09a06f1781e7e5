using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Items;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Lookup;

/// <summary>Items that the catalogue knows and the package never saw.</summary>
public sealed class UnseenItemsTests : IAsyncLifetime
{
    private readonly DemoShop _shop = new(("Model:Package", Repository.PartsPackage));

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    [Fact]
    public async Task FitAsTheItemsOfTheirCategoryDoOnAverage()
    {
        Keep("new-mat", "yoga");
        var items = await AllAsync("u0001");
        var known = items.Where(i => _shop.Categories.GetValueOrDefault(i.Key) == "yoga").Select(i => i.Value).ToList();
        Assert.Equal(known.Average(), items["new-mat"], 1e-5);
    }

    [Fact]
    public async Task FitAsTheMeanOfTheirCategoriesWhereTheyHaveSeveral()
    {
        Keep("new-mat", "yoga");
        Keep("new-bean", "coffee");
        Keep("new-both", "yoga", "coffee", "a category that no item of the package has");
        var items = await AllAsync("u0001");
        Assert.Equal((items["new-mat"] + items["new-bean"]) / 2, items["new-both"], 1e-5);
    }

    [Fact]
    public async Task CategoryThatIsNamedTwiceCountsOnce()
    {
        Keep("new-once", "yoga", "coffee");
        Keep("new-twice", "yoga", "coffee", "yoga");
        var items = await AllAsync("u0001");
        Assert.Equal(items["new-once"], items["new-twice"]);
    }

    [Fact]
    public async Task AreFilteredAndLeftOutOnceSeenAsAllItemsAre()
    {
        Keep("new-mat", "yoga");
        Keep("new-bean", "coffee");
        var yoga = (await GetAsync("u0002", "?count=1000&categories=yoga")).Keys;
        Assert.Contains("new-mat", yoga);
        Assert.DoesNotContain("new-bean", yoga);

        await _shop.Service.AcceptAsync(Event(1_000_000, "u0002", "new-mat"));
        Assert.DoesNotContain("new-mat", (await GetAsync("u0002", "?count=1000")).Keys);
        Assert.Contains("new-mat", (await GetAsync("u0002", "?count=1000&excludeSeen=false")).Keys);
    }

    [Fact]
    public async Task AreNotRecommendedWithoutACategoryThatThePackagesItemsHave()
    {
        Keep("new-stranger", "a category that no item of the package has");
        Keep("new-nameless");
        Assert.DoesNotContain(await AllAsync("u0001"), i => i.Key.StartsWith("new-", StringComparison.Ordinal));
    }

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    private void Keep(string item, params string[] categories) =>
        _shop.Service.Services.GetRequiredService<ItemCatalogue>().Keep(new CatalogueItem(item, categories, null, null, []));

    private Task<Dictionary<string, double>> AllAsync(string user) => GetAsync(user, "?count=1000&excludeSeen=false");

    private async Task<Dictionary<string, double>> GetAsync(string user, string query)
    {
        var reply = await _shop.Service.GetAsync($"/v1/users/{user}/recommendations{query}");
        return reply.Json.GetProperty("items").EnumerateArray().ToDictionary(ItemOf, i => i.GetProperty("score").GetDouble());
    }

    private static string ItemOf(JsonElement item) => item.GetProperty("itemId").GetString()!;
}
