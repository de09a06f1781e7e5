using System.Text.Json;

namespace ProfileService.Tests.Lookup;

public sealed class RankTests(FilteredShop shop) : IClassFixture<FilteredShop>
{
    [Fact]
    public async Task CandidatesHaveTheScoresOfRecommendationsAndTheirOrder()
    {
        var (random, all) = (new Random(5), await shop.AllAsync("u0005"));
        var candidates = all.Where(_ => random.Next(3) == 0).Select(i => i.Id).ToArray();
        random.Shuffle(candidates);
        var reply = await RankAsync("u0005", candidates);
        var expected = all.Where(i => candidates.Contains(i.Id)).ToList();
        Assert.Equal(expected.Select(i => i.Score), Items(reply).Select(i => i.Score));
        Assert.Equal(expected.Select(i => i.Id).Order(), Items(reply).Select(i => i.Id).Order());
        Assert.Equal(("u0005", "parts/1"), (reply.GetProperty("userId").GetString(), reply.GetProperty("model").GetString()));
        Assert.Empty(reply.GetProperty("unknown").EnumerateArray());
    }

    /// <summary>Few are scored alone, without the rest of the catalogue.</summary>
    [Theory]
    [InlineData("u0005")]
    [InlineData("picky")]
    public async Task FewCandidatesHaveTheScoresOfTheWholeList(string user)
    {
        foreach (var (number, kind) in new[] { "dislike", "dislike", "like", "dislike" }.Index())
            await shop.Service.PostAsync("/v1/events", $$"""
                {"userId":"picky","kind":"{{kind}}","itemId":"yoga-00{{number + 1}}","categories":["yoga"],
                  "timestamp":"2026-11-22T10:0{{number}}:00Z"}
                """);
        Assert.Equal(200, (await shop.Service.FreshAsync(user)).Status);
        var (random, all) = (new Random(6), await shop.AllAsync(user));
        for (var round = 0; round < 30; round++)
        {
            var some = random.GetItems([.. all], random.Next(1, 9)).Distinct().ToList();
            var ranked = Items(await RankAsync(user, [.. some.Select(i => i.Id)]));
            Assert.Equal(some.OrderByDescending(i => i.Score).Select(i => i.Score), ranked.Select(i => i.Score));
            Assert.Equal(some.ToDictionary(i => i.Id, i => i.Score), ranked.ToDictionary(i => i.Id, i => i.Score));
        }
    }

    [Fact]
    public async Task EqualScoresKeepTheOrderOfTheRequest()
    {
        var equal = (await shop.AllAsync("u0005")).GroupBy(i => i.Score).First(g => g.Count() > 2).Select(i => i.Id).ToList();
        Assert.Equal(equal, Items(await RankAsync("u0005", equal)).Select(i => i.Id));
        equal.Reverse();
        Assert.Equal(equal, Items(await RankAsync("u0005", equal)).Select(i => i.Id));
    }

    [Fact]
    public async Task ItemsOfWhichNothingIsKnownAreNamedAndRepeatedOnesAreAnsweredOnce()
    {
        var reply = await RankAsync("u0001", ["no-1", "yoga-003", "no-0", "yoga-003", "no-1"]);
        Assert.Equal(["yoga-003"], Items(reply).Select(i => i.Id));
        Assert.Equal(["no-1", "no-0"], reply.GetProperty("unknown").EnumerateArray().Select(u => u.GetString()));
    }

    [Fact]
    public async Task NothingToRankIsAnEmptyList() => Assert.Empty(Items(await RankAsync("u0001", [])));

    [Theory]
    [InlineData("{}", "missing_field", "itemIds")]
    [InlineData("""{"itemIds":"yoga-003"}""", "wrong_type", "itemIds")]
    [InlineData("""{"itemIds":["yoga-003",5]}""", "wrong_type", "itemIds[1]")]
    [InlineData("""{"itemIds":["."]}""", "reserved_id", "itemIds[0]")]
    [InlineData("""{"itemIds":[],"count":5}""", "unknown_parameter", "count")]
    public async Task BadFieldIs400ThatNamesIt(string body, string code, string field)
    {
        var problem = (await shop.Service.PostAsync("/v1/users/u0001/rank", body)).Problem(400);
        Assert.Equal((code, field), (problem.GetProperty("code").GetString(), problem.GetProperty("field").GetString()));
    }

    [Fact]
    public async Task ThousandItemsAreTakenAndMoreAreNot()
    {
        var ids = Enumerable.Range(0, 1_001).Select(i => $"i{i}").ToList();
        Assert.Equal("too_many_items", (await PostAsync("u0001", ids)).Problem(400).GetProperty("code").GetString());
        Assert.Equal(1_000, (await RankAsync("u0001", ids[1..])).GetProperty("unknown").GetArrayLength());
    }

    [Fact]
    public async Task UserOfWhomNothingIsKnownIs404() => (await PostAsync("nobody", ["yoga-003"])).Problem(404);

    private static IReadOnlyList<(string Id, float Score)> Items(JsonElement reply) =>
    [
        .. reply.GetProperty("items").EnumerateArray()
            .Select(i => (i.GetProperty("itemId").GetString()!, i.GetProperty("score").GetSingle())),
    ];

    private async Task<JsonElement> RankAsync(string user, IReadOnlyList<string> ids)
    {
        var reply = await PostAsync(user, ids);
        Assert.Equal(200, reply.Status);
        return reply.Json;
    }

    private Task<Reply> PostAsync(string user, IReadOnlyList<string> ids) =>
        shop.Service.PostAsync($"/v1/users/{user}/rank", JsonSerializer.Serialize(new { itemIds = ids }));
}
