using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Aggregates;
using ProfileService.Storage;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Lookup;

/// <summary>Who gets popular items, and which.</summary>
public sealed class FallbackTests : IAsyncLifetime
{
    private readonly TestService _service = new(("Aggregates:Epsilon", "0"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _service.PostAsync("/v1/items", """
            [
              { "itemId": "gift-1", "categories": ["gifts"], "price": 5, "labels": ["new"] },
              { "itemId": "gift-2", "categories": ["gifts"], "price": 9 },
              { "itemId": "gift-3", "categories": ["gifts"] },
              { "itemId": "card-1", "categories": ["cards"], "title": "A card" },
              { "itemId": "yoga-003", "categories": ["yoga"] }
            ]
            """);
        var met = new[] { ("gift-1", 4), ("gift-2", 3), ("card-1", 2), ("gift-3", 1) };
        await _service.AcceptAsync([.. from m in met
                                       from user in Enumerable.Range(0, m.Item2)
                                       select Event(user, $"user-{user}", m.Item1, category: "gifts")]);
        Assert.Equal(ReleaseOutcome.Made, await _service.Services.GetRequiredService<ReleaseMaker>().MakeAsync(Token));
    }

    [Fact]
    public async Task StrangerGetsWhatManyUsersMet()
    {
        var reply = (await PostAsync("nobody", """{"count":3,"fallback":"popular"}""")).Json;
        Assert.Equal(("nobody", "tiny/1"), (reply.GetProperty("userId").GetString(), reply.GetProperty("model").GetString()));
        Assert.Equal(0, reply.GetProperty("revision").GetInt64());
        Assert.Empty(reply.GetProperty("items").EnumerateArray());
        Assert.Equal(["gift-1", "gift-2", "card-1"], Popular(reply));
        Assert.Equal("A card", reply.GetProperty("popular")[2].GetProperty("title").GetString());
    }

    [Fact]
    public async Task WithoutAFallbackAStrangerIsUnknown() =>
        Assert.Equal("unknown_user", (await PostAsync("nobody", "{}")).Problem(404).GetProperty("code").GetString());

    [Theory]
    [InlineData("""{"categories":["cards"]}""", "card-1")]
    [InlineData("""{"excludeCategories":["cards"],"excludeItems":["gift-1"]}""", "gift-2", "gift-3")]
    [InlineData("""{"labels":["new"]}""", "gift-1")]
    [InlineData("""{"minPrice":6}""", "gift-2")]
    public async Task FilterHoldsForPopularItemsToo(string filter, params string[] expected) =>
        Assert.Equal(expected, Popular((await PostAsync("nobody", $$"""{"fallback":"popular","filter":{{filter}}}""")).Json));

    [Fact]
    public async Task ItemThatIsNotAvailableIsNotPopular()
    {
        await _service.PutAsync("/v1/items/gift-1", """{"categories":["gifts"],"available":false}""");
        await _service.SendAsync(HttpMethod.Delete, "/v1/items/card-1", []);
        Assert.Equal(["gift-2", "gift-3"], Popular((await PostAsync("nobody", """{"fallback":"popular"}""")).Json));
        foreach (var list in new[] { "popular", "trending" })
        {
            var items = (await _service.GetAsync($"/v1/items/{list}")).Json.GetProperty("items").EnumerateArray();
            Assert.DoesNotContain(items, i => i.GetProperty("itemId").GetString() is "gift-1" or "card-1");
        }

        await _service.PutAsync("/v1/items/gift-1", """{"categories":["gifts"]}""");
        Assert.Equal(["gift-1", "gift-2", "gift-3"], Popular((await PostAsync("nobody", """{"fallback":"popular"}""")).Json));
    }

    [Fact]
    public async Task MaximumPerCategoryHoldsForBothListsTogether() => Assert.Equal(
        ["gift-1", "card-1"], Popular((await PostAsync("nobody", """{"fallback":"popular","maxPerCategory":1}""")).Json));

    [Fact]
    public async Task ShortListOfAKnownUserIsFilledUpWithoutWhatItSaw()
    {
        var asked = """ "count":3,"fallback":"popular","filter":{"categories":["gifts","yoga"]} """;
        var reply = (await PostAsync("user-3", $"{{{asked}}}")).Json;
        Assert.Equal("yoga-003", Assert.Single(reply.GetProperty("items").EnumerateArray()).GetProperty("itemId").GetString());
        Assert.Equal(["gift-2", "gift-3"], Popular(reply)); // it saw gift-1
        Assert.Equal(["gift-1", "gift-2"], Popular((await PostAsync("user-3", $$"""{"excludeSeen":"never",{{asked}}}""")).Json));
        Assert.False((await PostAsync("user-3", """{"count":3}""")).Json.TryGetProperty("popular", out _));
    }

    [Fact]
    public async Task FullListHasNoPopularItems() =>
        Assert.Empty(Popular((await PostAsync("user-3", """{"count":3,"fallback":"popular"}""")).Json));

    [Fact]
    public async Task IdThatNobodyCanHaveIsNoStranger() =>
        (await PostAsync(new string('x', 129), """{"fallback":"popular"}""")).Problem(404);

    [Fact]
    public async Task BeforeTheFirstReleaseTheListIsEmpty()
    {
        using var other = new TestService();
        Assert.Empty(Popular((await other.PostAsync("/v1/users/nobody/recommendations", """{"fallback":"popular"}""")).Json));
    }

    [Fact]
    public async Task WithoutTheReleasesItemsAreRecommendedAllTheSame()
    {
        await using (var db = await _service.Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContextAsync(Token))
            await db.Database.ExecuteSqlRawAsync("ALTER TABLE aggregate_releases RENAME TO away", Token);
        var reply = (await PostAsync("user-3", """{"count":3,"fallback":"popular","filter":{"categories":["gifts","yoga"]}}""")).Json;
        Assert.Equal("yoga-003", Assert.Single(reply.GetProperty("items").EnumerateArray()).GetProperty("itemId").GetString());
        Assert.Empty(Popular(reply));
        Assert.True(reply.GetProperty("stale").GetBoolean());
        (await PostAsync("nobody", """{"fallback":"popular"}""")).Problem(503); // nothing is known that could be answered
    }

    public ValueTask DisposeAsync()
    {
        _service.Dispose();
        return ValueTask.CompletedTask;
    }

    private static IEnumerable<string> Popular(JsonElement reply) =>
        reply.GetProperty("popular").EnumerateArray().Select(i => i.GetProperty("itemId").GetString()!);

    private Task<Reply> PostAsync(string user, string body) => _service.PostAsync($"/v1/users/{user}/recommendations", body);
}
