using System.Text.Json;
using ProfileService.Lookup;
using ProfileService.Model;

namespace ProfileService.Tests.Lookup;

/// <summary>Lists page by page.</summary>
public sealed class RecommendationPageTests(FilteredShop shop) : IClassFixture<FilteredShop>
{
    private const string Path = "/v1/users/u0005/recommendations";
    private const string Session = """ "events":[{"userId":"u0005","kind":"view","itemId":"yoga-011","timestamp":"2026-11-22T10:00:00Z"}] """;

    [Theory]
    [InlineData("")]
    [InlineData(""" "excludeSeen":"never", """)]
    [InlineData(""" "filter":{"excludeCategories":["yoga"],"maxPrice":40}, """)]
    [InlineData(""" "filter":{"labels":["even"]},"maxPerCategory":5, """)]
    [InlineData(""" "maxPerCategory":3, """)]
    public async Task PagesTogetherAreTheWholeList(string fields)
    {
        var whole = await shop.PostAsync("u0005", $$"""{ {{fields}} "count":1000}""");
        Assert.InRange(whole.Count, 10, 999);
        Assert.Equal(whole, await PagesAsync(fields, 7));
        Assert.Equal(whole, await PagesAsync(fields, 1, 64, 9));
    }

    [Theory]
    [InlineData("")]
    [InlineData(""" "maxPerCategory":20, """)]
    public async Task DiverseListGoesOnWhereThePageBeforeEnded(string fields)
    {
        fields += """ "diversity":0.4, """;
        var pages = await PagesAsync(fields, 7);
        Assert.Equal(await shop.PostAsync("u0005", $$"""{ {{fields}} "count":7}"""), pages.Take(7));
        Assert.Equal(pages, await PagesAsync(fields, 7, 100, 1, 12));
        var whole = await shop.PostAsync("u0005", $$"""{ {{fields}} "count":1000}""");
        Assert.Equal(whole.OrderBy(i => i.Id), pages.OrderBy(i => i.Id));
    }

    [Fact]
    public async Task AnswerOfGetGoesOnByPost()
    {
        var first = (await shop.Service.GetAsync($"{Path}?count=5&categories=yoga,coffee")).Json;
        var body = $$"""{"count":5,"filter":{"categories":["yoga","coffee"]},"after":"{{AfterOf(first)}}"}""";
        var whole = await shop.PostAsync("u0005", """{"count":10,"filter":{"categories":["yoga","coffee"]}}""");
        Assert.Equal(whole.Skip(5), await shop.PostAsync("u0005", body));
    }

    [Fact]
    public async Task ListThatEndsHasNoNextPage()
    {
        Assert.NotNull(AfterOf(await PageAsync("""{"count":5}""")));
        Assert.Null(AfterOf(await PageAsync("""{"count":1000}""")));
    }

    [Fact]
    public async Task SessionsListGoesOnToo()
    {
        var whole = ItemsOf(await ComputeAsync($$"""{ {{Session}}, "recommend":{"count":10} }"""));
        var first = await ComputeAsync($$"""{ {{Session}}, "recommend":{"count":4} }""");
        var second = await ComputeAsync($$"""{ {{Session}}, "recommend":{"count":6,"after":"{{AfterOf(first)}}"} }""");
        Assert.Equal(whole, ItemsOf(first).Concat(ItemsOf(second)));
    }

    [Theory]
    [InlineData("""{"filter":{"labels":["even"]}""")]
    [InlineData("""{"excludeSeen":"never" """)]
    [InlineData("""{"maxPerCategory":3""")]
    [InlineData("""{"diversity":0.1""")]
    public async Task CursorOfAnotherListIs400(string otherwise)
    {
        var after = AfterOf(await PageAsync("""{"count":5}"""));
        var problem = (await shop.Service.PostAsync(Path, $$"""{{otherwise}},"after":"{{after}}"}""")).Problem(400);
        Assert.Equal(("other_request", "after"), (problem.GetProperty("code").GetString(), problem.GetProperty("field").GetString()));
        await shop.PostAsync("u0005", $$"""{"count":9,"fallback":"popular","after":"{{after}}"}""");
    }

    [Fact]
    public async Task CursorOfAnotherUserIs400()
    {
        var after = AfterOf(await PageAsync("""{"count":5}"""));
        var body = $$"""{"count":5,"after":"{{after}}"}""";
        Assert.Equal(200, (await shop.Service.PostAsync(Path, body)).Status);
        var other = (await shop.Service.PostAsync("/v1/users/u0006/recommendations", body)).Problem(400);
        var session = (await shop.Service.PostAsync("/v1/profiles/compute", $$"""{ {{Session}}, "recommend":{{body}} }""")).Problem(400);
        Assert.Equal(
            [("other_request", "after"), ("other_request", "recommend.after")],
            new[] { other, session }.Select(p => (p.GetProperty("code").GetString(), p.GetProperty("field").GetString())));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nowhere")]
    [InlineData("not base64url")]
    [InlineData("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task WhatIsNoCursorIs400(string after)
    {
        var problem = (await shop.Service.PostAsync(Path, $$"""{"after":"{{after}}"}""")).Problem(after.Length < 30 ? 400 : 410);
        Assert.Equal("after", problem.GetProperty("field").GetString());
        var session = await shop.Service.PostAsync("/v1/profiles/compute", $$"""{ "recommend": { "after": "{{after}}" } }""");
        Assert.Equal("recommend.after", session.Problem(after.Length < 30 ? 400 : 410).GetProperty("field").GetString());
    }

    [Fact]
    public async Task CursorOfAnotherModelIs410()
    {
        var stamp = new ModelStamp("parts/0", "0");
        var after = RecommendationCursor.Text(new PagePosition(0.5f, "yoga-011"), stamp, "user u1", new RecommendationRequest());
        var problem = (await shop.Service.PostAsync(Path, $$"""{"after":"{{after}}"}""")).Problem(410);
        Assert.Equal("cursor_unknown", problem.GetProperty("code").GetString());
    }

    [Fact]
    public void LongestItemIdFitsIntoACursor()
    {
        var (item, stamp) = (new string('\u4e2d', 128), new ModelStamp("m/1", "0"));
        var after = RecommendationCursor.Text(new PagePosition(1, item, 3, 1_000), stamp, "user u1", new RecommendationRequest());
        Assert.InRange(after.Length, 1, RecommendationCursor.MaxLength);
        Assert.Equal(
            new PagePosition(1, item, 3, 1_000), RecommendationCursor.Read(new RecommendationRequest(After: after), stamp, "user u1", out _));
    }

    /// <summary>All pages, each of the next size, the last one again and again.</summary>
    private Task<List<(string Id, float Score)>> PagesAsync(string fields, params int[] counts) =>
        PagesAsync(shop.Service, fields, counts);

    internal static async Task<List<(string Id, float Score)>> PagesAsync(TestService service, string fields, params int[] counts)
    {
        var (items, after) = (new List<(string, float)>(), "");
        for (var page = 0; after is not null; page++)
        {
            var count = counts[Math.Min(page, counts.Length - 1)];
            var next = page == 0 ? "" : $", \"after\":\"{after}\"";
            var answer = await PageAsync(service, $$"""{ {{fields}} "count":{{count}}{{next}} }""");
            items.AddRange(ItemsOf(answer));
            after = AfterOf(answer);
        }

        return items;
    }

    private Task<JsonElement> PageAsync(string body) => PageAsync(shop.Service, body);

    private static async Task<JsonElement> PageAsync(TestService service, string body)
    {
        var reply = await service.PostAsync(Path, body);
        Assert.Equal(200, reply.Status);
        return reply.Json;
    }

    private async Task<JsonElement> ComputeAsync(string body)
    {
        var reply = await shop.Service.PostAsync("/v1/profiles/compute", body);
        Assert.Equal(200, reply.Status);
        return reply.Json;
    }

    private static IEnumerable<(string Id, float Score)> ItemsOf(JsonElement answer) => answer.GetProperty("items").EnumerateArray()
        .Select(i => (i.GetProperty("itemId").GetString()!, i.GetProperty("score").GetSingle()));

    private static string? AfterOf(JsonElement answer) => answer.TryGetProperty("after", out var after) ? after.GetString() : null;
}
