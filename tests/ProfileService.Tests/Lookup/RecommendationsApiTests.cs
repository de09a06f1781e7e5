using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Dimensions;
using ProfileService.Items;
using ProfileService.Lookup;
using ProfileService.Model;
using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Lookup;

public sealed class RecommendationsApiTests(DemoShop shop) : IClassFixture<DemoShop>
{
    [Fact]
    public async Task AreTheBestOfAllItemsTheBestFirst()
    {
        var reply = (await GetAsync("u0001", "?count=1000&excludeSeen=false")).Json;
        var profile = (await shop.Service.GetAsync("/v1/users/u0001/profile")).Json;
        Assert.Equal(("u0001", "tiny/1"), (reply.GetProperty("userId").GetString(), reply.GetProperty("model").GetString()));
        Assert.Equal(profile.GetProperty("revision").GetInt64(), reply.GetProperty("revision").GetInt64());

        var items = shop.Service.Services.GetRequiredService<ModelSlot>().Current.Items!;
        var window = (await shop.Service.Services.GetRequiredService<IWindowStore>().FindAsync("u0001", TestContext.Current.CancellationToken))!.Window.Events;
        List<EventFeedback> events = [.. window.Select(e => EventFeedback.Of(e, sentiment: null, new RatingOptions()))];
        var feedback = ItemFeedback.Of(events);
        var scores = new float[items.Vectors.Rows];
        items.Score([.. profile.GetProperty("vector").EnumerateArray().Select(x => x.GetSingle())], events, feedback, scores);
        var turnedDown = TurnedDownCategories.Of(window, feedback, shop.Service.Services.GetRequiredService<ItemCatalogue>());
        for (var row = 2; row < scores.Length; row++)
            scores[row] -= turnedDown?.Contain([shop.Categories[items.Vectors.IdOf(row)]]) == true ? 1 : 0;

        Assert.Equal(851, items.Vectors.Count);
        var expected = Enumerable.Range(2, 851).OrderByDescending(row => scores[row]).ThenBy(items.Vectors.IdOf, StringComparer.Ordinal).Select(items.Vectors.IdOf);
        Assert.Equal(expected, Ids(reply));
        Assert.Equal(scores[items.Vectors.RowOf(Ids(reply)[0])!.Value], reply.GetProperty("items")[0].GetProperty("score").GetSingle());
    }

    [Fact]
    public async Task DifferFromUserToUser()
    {
        var lists = new List<IReadOnlyList<string>>();
        foreach (var user in (string[])["u0001", "u0002", "u0003", "u0004"])
            lists.Add(Ids((await GetAsync(user)).Json));
        Assert.All(lists, list => Assert.Equal(20, list.Count));
        Assert.Equal(lists.Count, lists.Select(l => string.Join(',', l)).Distinct().Count());
    }

    [Fact]
    public async Task SeenItemsAreLeftOutUnlessAskedFor()
    {
        var seen = (await shop.Service.GetAsync("/v1/users/u0001/window")).Json.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("itemId").GetString()!).ToHashSet();
        Assert.Empty(Ids((await GetAsync("u0001", "?count=1000")).Json).Intersect(seen));
        Assert.Equal(seen.Order(), Ids((await GetAsync("u0001", "?count=1000&excludeSeen=false")).Json).Intersect(seen).Order());
    }

    [Theory]
    [InlineData("categories=yoga&categories=running")]
    [InlineData("categories=yoga,running")]
    [InlineData("categories=yoga,%20running,,nothing")]
    public async Task CategoriesKeepTheCataloguesItemsThatHaveOne(string query)
    {
        var reply = (await GetAsync("u0002", $"?count=1000&excludeSeen=false&{query}")).Json;
        Assert.Equal(shop.Categories.Where(c => c.Value is "yoga" or "running").Select(c => c.Key).Order(), Ids(reply).Order());
        Assert.All(reply.GetProperty("items").EnumerateArray(), item => Assert.Contains(item.GetProperty("categories")[0].GetString(), (string[])["yoga", "running"]));
    }

    [Fact]
    public async Task WithoutCategoriesAllItemsAreAdmitted() => Assert.Equal(20, Ids((await GetAsync("u0002", "")).Json).Count);

    [Fact]
    public async Task UnknownCategoryHasNoItems() => Assert.Empty(Ids((await GetAsync("u0001", "?categories=nothing")).Json));

    [Fact]
    public async Task CarryWhatTheCatalogueKnows()
    {
        var item = (await GetAsync("u0001", "?count=1")).Json.GetProperty("items")[0];
        var id = item.GetProperty("itemId").GetString()!;
        Assert.Equal(($"The {id}", 9.5), (item.GetProperty("title").GetString(), item.GetProperty("price").GetDouble()));
        Assert.Equal(shop.Categories[id], Assert.Single(item.GetProperty("categories").EnumerateArray()).GetString());
    }

    [Fact]
    public async Task WhatTheCatalogueDoesNotKnowIsLeftOut()
    {
        using var service = new TestService();
        await service.AcceptAsync(Event(1, item: "yoga-003"));
        var item = (await service.GetAsync("/v1/users/u1/recommendations?count=1")).Json.GetProperty("items")[0];
        Assert.Equal(["itemId", "score", "liking"], item.EnumerateObject().Select(p => p.Name));
        Assert.Empty(Ids((await service.GetAsync("/v1/users/u1/recommendations?categories=yoga")).Json));
    }

    [Theory]
    [InlineData("?count=0", "count")]
    [InlineData("?count=1001", "count")]
    [InlineData("?count=-1", "count")]
    [InlineData("?count=ten", "count")]
    [InlineData("?count=99999999999", "count")]
    [InlineData("?excludeSeen=perhaps", "excludeSeen")]
    [InlineData("?categories=a%00b", "categories")]
    [InlineData("?categories=", "categories")]
    [InlineData("?categories=,&count=1", "categories")]
    [InlineData("?categories=yoga&categories=", "categories")]
    public async Task BadQueryIs400ThatNamesTheField(string query, string field) =>
        Assert.Contains(field, (await GetAsync("u0001", query)).Problem(400).GetProperty("detail").GetString()!, StringComparison.Ordinal);

    [Fact]
    public async Task TooManyOrTooLongCategoriesAre400()
    {
        Assert.Contains("categories", (await GetAsync("u0001", $"?categories={new string('x', 129)}")).Problem(400).GetProperty("detail").GetString()!, StringComparison.Ordinal);
        Assert.Contains("categories", (await GetAsync("u0001", $"?categories={string.Join(',', Enumerable.Range(0, 65))}")).Problem(400).GetProperty("detail").GetString()!, StringComparison.Ordinal);
        Assert.Contains("categories", (await GetAsync("u0001", $"?{string.Join('&', Enumerable.Range(0, 65).Select(i => $"categories={i % 3}"))}")).Problem(400).GetProperty("detail").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UserOfWhomNothingIsKnownIs404() => (await GetAsync("nobody")).Problem(404);

    [Fact]
    public async Task PackageWithoutItemVectorsIs409ThatSaysWhichWould()
    {
        using var service = new TestService(("Model:Package", Repository.StarterPackage));
        await service.AcceptAsync(Event(1));
        foreach (var address in (string[])["recommendations", "predictions"])
        {
            var detail = (await service.GetAsync($"/v1/users/u1/{address}")).Problem(409).GetProperty("detail").GetString()!;
            Assert.Contains("starter/3", detail, StringComparison.Ordinal);
            Assert.Contains("models/demo/3", detail, StringComparison.Ordinal);
            Assert.Contains("make_package.py", detail, StringComparison.Ordinal);
        }

        Assert.Equal(0, (await service.GetAsync("/v1/models")).Json.GetProperty("active").GetProperty("itemVectors").GetInt32());
    }

    [Fact]
    public async Task ModelsTellHowManyItemsHaveAVector() =>
        Assert.Equal(851, (await shop.Service.GetAsync("/v1/models")).Json.GetProperty("active").GetProperty("itemVectors").GetInt32());

    [Fact]
    public async Task IdWithASlashIsFound()
    {
        using var service = new TestService();
        await service.AcceptAsync(Event(1, "a/b", item: "yoga-003"));
        foreach (var address in (string[])["recommendations", "predictions", "similar"])
            Assert.Equal("a/b", (await service.GetAsync($"/v1/users/a%2Fb/{address}")).Json.GetProperty("userId").GetString());
    }

    private static IReadOnlyList<string> Ids(JsonElement reply) => [.. reply.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("itemId").GetString()!)];

    private Task<Reply> GetAsync(string user, string query = "") => shop.Service.GetAsync($"/v1/users/{user}/recommendations{query}");
}
