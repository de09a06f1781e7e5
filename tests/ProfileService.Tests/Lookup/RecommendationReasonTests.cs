using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Model;

namespace ProfileService.Tests.Lookup;

/// <summary>Why an item is recommended, by the item of the window that is most like it.</summary>
public sealed class RecommendationReasonTests(DemoShop shop) : IClassFixture<DemoShop>
{
    private const string Path = "/v1/users/u0001/recommendations";

    [Theory]
    [InlineData(null)]
    [InlineData("""{"count":20,"diversity":0.3}""")]
    [InlineData("""{"count":20,"excludeSeen":"never"}""")]
    public async Task ReasonIsTheItemOfTheWindowThatIsMostLikeIt(string? body)
    {
        var items = (await AskAsync("?include=reason", body)).Json.GetProperty("items").EnumerateArray().ToList();
        var window = await KindsAsync();
        Assert.NotEmpty(items);
        Assert.All(items, item =>
        {
            var (id, reason) = (Id(item), item.GetProperty("reason"));
            var expected = window.Keys.Where(seen => seen != id).MaxBy(seen => Cosine(seen, id))!;
            Assert.Contains(Id(reason), window.Keys);
            Assert.Equal(Cosine(expected, id), reason.GetProperty("similarity").GetDouble(), 4);
            Assert.Equal($"The {Id(reason)}", reason.GetProperty("title").GetString());
        });
    }

    [Fact]
    public async Task ItemsAndTheirScoresAreThoseWithoutReasons()
    {
        var without = (await shop.Service.GetAsync(Path)).Json.GetProperty("items").EnumerateArray().ToList();
        var with = (await shop.Service.GetAsync($"{Path}?include=reason")).Json.GetProperty("items").EnumerateArray();
        Assert.Equal(without.Select(i => (Id(i), i.GetProperty("score").GetSingle())), with.Select(i => (Id(i), i.GetProperty("score").GetSingle())));
        Assert.All(without, item => Assert.False(item.TryGetProperty("reason", out _)));
    }

    [Fact]
    public async Task WhatWasTurnedDownIsNoReason()
    {
        foreach (var (kind, number) in new[] { ("dislike", 1), ("dislike", 2), ("like", 3) })
            await shop.Service.PostAsync("/v1/events", $$"""{"userId":"picky","kind":"{{kind}}","itemId":"yoga-00{{number}}","timestamp":"2026-11-22T10:0{{number}}:00Z"}""");
        await shop.Service.FreshAsync("picky");
        var items = (await shop.Service.GetAsync("/v1/users/picky/recommendations?count=1000&include=reason")).Json.GetProperty("items").EnumerateArray();
        var reasons = items.Where(i => i.TryGetProperty("reason", out _)).Select(i => Id(i.GetProperty("reason"))).Distinct();
        Assert.Equal(["yoga-003"], reasons);
    }

    [Fact]
    public async Task ItemsThatWerePurchasedAreLeftOutAlone()
    {
        var kinds = await KindsAsync();
        var all = (await AskAsync("", """{"count":1000,"excludeSeen":"never"}""")).Json.GetProperty("items").EnumerateArray().Select(Id).ToHashSet();
        var left = (await AskAsync("", """{"count":1000,"excludeSeen":"purchased"}""")).Json.GetProperty("items").EnumerateArray().Select(Id).ToHashSet();
        var bought = kinds.Where(k => k.Value.Contains("purchase")).Select(k => k.Key).Where(all.Contains).ToHashSet();
        Assert.NotEmpty(bought);
        Assert.Equal(bought.Order(), all.Except(left).Order());
        Assert.Contains(left, kinds.ContainsKey); // what was met, and not bought
    }

    [Theory]
    [InlineData("?include=reasons", null)]
    [InlineData("?include=", null)]
    [InlineData("?include=reason,vector", "{}")]
    public async Task PartThatThereIsNotIsRefused(string query, string? body)
    {
        var problem = (await AskAsync(query, body)).Problem(400);
        Assert.Equal(("unknown_part", "include"), (problem.GetProperty("code").GetString(), problem.GetProperty("field").GetString()));
    }

    [Fact]
    public async Task UserWhoseEventsMayNotBeExplainedHasItemsAndNoReasons()
    {
        Assert.Equal(200, (await shop.Service.PutAsync("/v1/users/u0002/purposes", """{"profile":true,"explain":false,"similar":true,"train":true}""")).Status);
        Assert.Equal(200, (await shop.Service.GetAsync("/v1/users/u0002/recommendations")).Status);
        Assert.Contains("'explain'", (await shop.Service.GetAsync("/v1/users/u0002/recommendations?include=reason")).Problem(404).GetProperty("detail").GetString()!, StringComparison.Ordinal);
    }

    private Task<Reply> AskAsync(string query, string? body) =>
        body is null ? shop.Service.GetAsync(Path + query) : shop.Service.PostAsync(Path + query, body);

    private async Task<Dictionary<string, string[]>> KindsAsync() =>
        (await shop.Service.GetAsync("/v1/users/u0001/window")).Json.GetProperty("events").EnumerateArray()
            .GroupBy(Id, e => e.GetProperty("kind").GetString()!).ToDictionary(g => g.Key, g => g.ToArray());

    private double Cosine(string item, string other)
    {
        var vectors = shop.Service.Services.GetRequiredService<ModelSlot>().Current.Items!.Vectors;
        if (vectors.RowOf(item) is not { } row || vectors.RowOf(other) is not { } otherRow)
            return -1;
        var (a, b) = (vectors.VectorOf(row).ToArray(), vectors.VectorOf(otherRow).ToArray());
        return a.Zip(b, (x, y) => (double)x * y).Sum() / Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(x => (double)x * x));
    }

    private static string Id(JsonElement item) => item.GetProperty("itemId").GetString()!;
}
