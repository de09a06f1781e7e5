using System.Text.Json;

namespace ProfileService.Tests.Lookup;

/// <summary>Recommendations by what a user looks at now, and what no event says yet.</summary>
public sealed class RecommendationContextTests(DemoShop shop) : IClassFixture<DemoShop>
{
    private const string Never = """{"count":1000,"excludeSeen":"never"}""";

    [Fact]
    public async Task AnswerIsThatAfterTheItemsWereViewed()
    {
        var context = await PostAsync("u0003", """{"count":50,"context":{"itemIds":["coffee-001","coffee-004"]}}""");
        var views = string.Join(',', new[] { "coffee-001", "coffee-004" }.Select((item, i) => $$"""
            {"userId":"u0003","kind":"view","itemId":"{{item}}","categories":["coffee"],
              "timestamp":"{{TimeProvider.System.GetUtcNow().AddMilliseconds(i):O}}"}
            """));
        Assert.Equal(202, (await shop.Service.PostAsync("/v1/events", $"[{views}]")).Status);
        await shop.Service.FreshAsync("u0003");
        var viewed = await PostAsync("u0003", """{"count":50}""");
        Assert.Equal(Scores(viewed).Select(s => s.Id), Scores(context).Select(s => s.Id));
        Assert.All(Scores(viewed).Zip(Scores(context)), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 1e-4f));
        Assert.Equal(viewed.GetProperty("revision").GetInt64() - 2, context.GetProperty("revision").GetInt64());
    }

    [Theory]
    [InlineData("window")]
    [InlineData("purchased")]
    [InlineData("never")]
    public async Task WhatIsLookedAtIsNotRecommended(string excludeSeen)
    {
        var all = Scores(await PostAsync("u0004", Never)).Select(s => s.Id).ToList();
        Assert.Contains("coffee-002", all);
        var left = await PostAsync(
            "u0004",
            $$"""{"count":1000,"excludeSeen":"{{excludeSeen}}","context":{"itemIds":["coffee-002","yoga-001"]},"fallback":"popular"}""");
        Assert.NotEmpty(Scores(left));
        Assert.Empty(Scores(left).Select(s => s.Id).Intersect(["coffee-002", "yoga-001"]));
    }

    [Fact]
    public async Task StrangerHasItemsByTheContextAndNothingIsStored()
    {
        var answer = await PostAsync("stranger", """{"count":10,"context":{"itemIds":["yoga-001","yoga-002"]}}""", "?include=reason");
        Assert.Equal(10, Scores(answer).Count);
        Assert.Equal(0, answer.GetProperty("revision").GetInt64());
        var reasons = answer.GetProperty("items").EnumerateArray()
            .Where(i => i.TryGetProperty("reason", out _)).Select(i => i.GetProperty("reason").GetProperty("itemId").GetString());
        Assert.NotEmpty(reasons);
        Assert.Empty(reasons.Except(["yoga-001", "yoga-002"]));
        (await shop.Service.GetAsync("/v1/users/stranger/window")).Problem(404);
        (await shop.Service.GetAsync("/v1/users/stranger/profile")).Problem(404);
    }

    [Fact]
    public async Task ContextOfAnUnknownItemChangesNoMoreThanItsEventWould()
    {
        var answer = await PostAsync("u0005", """{"count":10,"context":{"itemIds":["no-such-item"]}}""");
        Assert.Equal(10, Scores(answer).Count);
    }

    [Fact]
    public async Task PageOfAnotherContextIsRefused()
    {
        var first = await PostAsync("u0006", """{"count":5,"context":{"itemIds":["yoga-001"]}}""");
        var after = first.GetProperty("after").GetString();
        var next = await PostAsync("u0006", $$"""{"count":5,"context":{"itemIds":["yoga-001"]},"after":"{{after}}"}""");
        Assert.Empty(Scores(next).Select(s => s.Id).Intersect(Scores(first).Select(s => s.Id)));
        foreach (var other in new[] { "", ""","context":{"itemIds":["yoga-002"]}""" })
        {
            var reply = await shop.Service.PostAsync(Path("u0006"), $$"""{"count":5,"after":"{{after}}"{{other}}}""");
            Assert.Equal("other_request", reply.Problem(400).GetProperty("code").GetString());
        }
    }

    [Fact]
    public async Task UserWhosePurposesAllowNoProfileHasNoneByAContextEither()
    {
        const string Purposes = """{"profile":false,"explain":false,"similar":false,"train":false}""";
        Assert.Equal(200, (await shop.Service.PutAsync("/v1/users/u0007/purposes", Purposes)).Status);
        var reply = await shop.Service.PostAsync(Path("u0007"), """{"context":{"itemIds":["yoga-001"]},"fallback":"popular"}""");
        Assert.Contains("'profile'", reply.Problem(404).GetProperty("detail").GetString()!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"context":["yoga-001"]}""", "wrong_type", "context")]
    [InlineData("""{"context":{}}""", "missing_field", "context.itemIds")]
    [InlineData("""{"context":{"itemIds":[]}}""", "invalid_length", "context.itemIds")]
    [InlineData("""{"context":{"itemIds":"yoga-001"}}""", "wrong_type", "context.itemIds")]
    [InlineData("""{"context":{"itemIds":["yoga-001",7]}}""", "wrong_type", "context.itemIds[1]")]
    [InlineData("""{"context":{"itemIds":["yoga-001"],"hour":7}}""", "unknown_parameter", "context.hour")]
    public async Task ContextThatIsNoneIsRefusedByName(string body, string code, string field)
    {
        var problem = (await shop.Service.PostAsync(Path("u0008"), body)).Problem(400);
        Assert.Equal((code, field), (problem.GetProperty("code").GetString(), problem.GetProperty("field").GetString()));
    }

    [Fact]
    public async Task TooManyItemsAreRefused()
    {
        var items = string.Join(',', Enumerable.Range(0, 21).Select(i => $"\"yoga-{i:D3}\""));
        var problem = (await shop.Service.PostAsync(Path("u0008"), $$$"""{"context":{"itemIds":[{{{items}}}]}}""")).Problem(400);
        Assert.Equal("context.itemIds", problem.GetProperty("field").GetString());
    }

    [Fact]
    public async Task SessionHasItsEventsAndNoContext()
    {
        var reply = await shop.Service.PostAsync("/v1/profiles/compute", """{"recommend":{"context":{"itemIds":["yoga-001"]}}}""");
        Assert.Equal("recommend.context", reply.Problem(400).GetProperty("field").GetString());
    }

    private static string Path(string user) => $"/v1/users/{user}/recommendations";

    private static IReadOnlyList<(string Id, float Score)> Scores(JsonElement answer) =>
    [
        .. answer.GetProperty("items").EnumerateArray()
            .Select(i => (i.GetProperty("itemId").GetString()!, i.GetProperty("score").GetSingle())),
    ];

    private async Task<JsonElement> PostAsync(string user, string body, string query = "")
    {
        var reply = await shop.Service.PostAsync(Path(user) + query, body);
        Assert.Equal(200, reply.Status);
        return reply.Json;
    }
}
