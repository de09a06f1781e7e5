using Microsoft.Extensions.DependencyInjection;
using ProfileService.Items;
using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Lookup;

/// <summary>What a user turned down is not recommended: by the neighbours in the package alone, and by the catalogue's categories.</summary>
public sealed class TurnedDownTests : IDisposable
{
    private readonly TestService _service = new(("Model:Package", Repository.PartsPackage));

    [Theory]
    [InlineData("dislike", null, false, "yoga")]
    [InlineData("dislike", null, true, "yoga")]
    [InlineData("dislike", null, false, "laptops")]
    [InlineData("dislike", null, true, "crime-novels")]
    [InlineData("rating", 1.0, false, "coffee")]
    [InlineData("rating", 2.0, true, "coffee")]
    [InlineData("review", 1.0, true, "baby")]
    public async Task CategoryThatWasOnlyTurnedDownIsNotAmongTheTen(string kind, double? value, bool withCatalogue, string category)
    {
        if (withCatalogue)
            FillCatalogue();
        await _service.AcceptAsync([.. Items(category, 8).Select((item, n) => Event(n, item: item, kind: kind, value: value, category: category))]);
        Assert.DoesNotContain(await TopAsync(), item => item.StartsWith(category, StringComparison.Ordinal));
    }

    [Fact]
    public async Task CategoryThatReviewsBlameByTheirTextsAloneIsNotAmongTheTen()
    {
        FillCatalogue();
        await _service.AcceptAsync([.. Items("yoga", 8).Select((item, n) => Event(
            n, item: item, kind: "review", category: "yoga", text: n % 2 == 0 ? "Terrible, avoid it." : "Complete waste of money."))]);
        Assert.DoesNotContain(await TopAsync(), item => item.StartsWith("yoga", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("like", null)]
    [InlineData("view", null)]
    [InlineData("rating", 5.0)]
    public async Task CategoryThatWasLikedIs(string kind, double? value)
    {
        FillCatalogue();
        await _service.AcceptAsync([.. Items("yoga", 8).Select((item, n) => Event(n, item: item, kind: kind, value: value, category: "yoga"))]);
        Assert.True((await TopAsync()).Count(item => item.StartsWith("yoga", StringComparison.Ordinal)) >= 5);
    }

    [Fact]
    public async Task ItemsThatWereLookedAtBeforeTheyWereTurnedDownAreTurnedDown()
    {
        FillCatalogue();
        await _service.AcceptAsync(
        [
            .. Items("yoga", 8).SelectMany((item, n) => (WindowEvent[])
            [
                Event(3 * n, item: item, category: "yoga"),
                Event((3 * n) + 1, item: item, kind: "click", category: "yoga"),
                Event((3 * n) + 2, item: item, kind: "dislike", category: "yoga"),
            ]),
        ]);
        Assert.DoesNotContain(await TopAsync(), item => item.StartsWith("yoga", StringComparison.Ordinal));
    }

    [Fact]
    public async Task OneDislikeAmongManyLikesChangesLittle()
    {
        FillCatalogue();
        await _service.AcceptAsync([.. Items("yoga", 9).Select((item, n) => Event(n, item: item, kind: n == 4 ? "dislike" : "like", category: "yoga"))]);
        Assert.True((await TopAsync()).Count(item => item.StartsWith("yoga", StringComparison.Ordinal)) >= 5);
    }

    [Fact]
    public async Task WhatWasTurnedDownComesLastAndIsFoundWhereItIsAskedFor()
    {
        FillCatalogue();
        await _service.AcceptAsync([.. Items("yoga", 8).Select((item, n) => Event(n, item: item, kind: "dislike", category: "yoga"))]);
        var yoga = await TopAsync("?count=5&categories=yoga");
        Assert.Equal(5, yoga.Count);
        Assert.Equal(yoga.Order(), (await TopAsync("?count=1000")).TakeLast(Items("yoga", 100).Length - 8).Intersect(yoga).Order());
    }

    public void Dispose() => _service.Dispose();

    private static string[] Items(string category, int count) =>
        [.. Shop.Value.Where(i => i.Category == category).Select(i => i.Item).Order(StringComparer.Ordinal).Take(count)];

    private static readonly Lazy<(string Item, string Category)[]> Shop = new(() =>
    [
        .. File.ReadLines(Repository.Path("demo/items.ndjson")).Select(line => System.Text.Json.JsonElement.Parse(line))
            .Select(i => (i.GetProperty("itemId").GetString()!, i.GetProperty("categories")[0].GetString()!)),
    ]);

    private void FillCatalogue()
    {
        var catalogue = _service.Services.GetRequiredService<ItemCatalogue>();
        foreach (var (item, category) in Shop.Value)
            catalogue.Keep(new CatalogueItem(item, [category], null, null, []));
    }

    private async Task<IReadOnlyList<string>> TopAsync(string query = "?count=10")
    {
        var reply = await _service.GetAsync($"/v1/users/u1/recommendations{query}");
        return [.. reply.Json.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("itemId").GetString()!)];
    }
}
