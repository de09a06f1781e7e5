using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ProfileService.Events;
using ProfileService.Items;
using ProfileService.Lookup;
using ProfileService.Model;
using ProfileService.Storage;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Lookup;

public sealed class PredictionsApiTests(DemoShop shop) : IClassFixture<DemoShop>
{
    [Fact]
    public async Task EachListSumsToOneTheLikeliestFirst()
    {
        var reply = (await GetAsync("u0001")).Json;
        foreach (var list in (string[])["kinds", "categories"])
        {
            var probabilities = reply.GetProperty(list).EnumerateArray().Select(p => p.GetProperty("probability").GetDouble()).ToList();
            Assert.Equal(1, probabilities.Sum(), 1e-9);
            Assert.Equal(probabilities.OrderDescending(), probabilities);
            Assert.All(probabilities, p => Assert.InRange(p, 0, 1));
        }

        Assert.Equal(10, reply.GetProperty("kinds").GetArrayLength());
        Assert.Equal(20, reply.GetProperty("categories").GetArrayLength());
        Assert.Equal("tiny/1", reply.GetProperty("model").GetString());
    }

    [Fact]
    public async Task LikeliestCategoryIsWhatMostUsersLookAtMost()
    {
        var hits = 0;
        for (var u = 1; u <= DemoShop.Users; u++)
        {
            var user = $"u{u:D4}";
            if (await shop.Service.GetAsync($"/v1/users/{user}/window") is not { Status: 200 } window)
                continue;
            var favourites = window.Json.GetProperty("events").EnumerateArray().Select(e => shop.Categories[e.GetProperty("itemId").GetString()!]).CountBy(c => c).OrderByDescending(c => c.Value).Take(3).Select(c => c.Key);
            hits += favourites.Contains((await GetAsync(user)).Json.GetProperty("categories")[0].GetProperty("category").GetString()) ? 1 : 0;
        }

        Assert.InRange(hits, DemoShop.Users * 2 / 3, DemoShop.Users);
    }

    [Fact]
    public async Task CategoriesAreLeftOutWhereTheCatalogueHasNone()
    {
        using var service = new TestService();
        await service.AcceptAsync(Event(1, item: "yoga-003"));
        var reply = (await service.GetAsync("/v1/users/u1/predictions")).Json;
        Assert.False(reply.TryGetProperty("categories", out _));
        Assert.Equal(10, reply.GetProperty("kinds").GetArrayLength());
    }

    [Fact]
    public async Task UserOfWhomNothingIsKnownIs404() => (await GetAsync("nobody")).Problem(404);

    [Fact]
    public void CategoriesFollowTheSoftmaxOfTheirItems()
    {
        var items = new ItemVectors([0, 0, 0, 0, 1, 0, 0, 1, -1, 0, 0.5f, 0], 2, new Dictionary<string, long> { ["a"] = 2, ["b"] = 3, ["c"] = 4, ["d"] = 5 });
        var catalogue = new ItemCatalogue();
        catalogue.Keep(new CatalogueItem("a", ["x", "y"], null, null, [])); // counts for the first alone
        catalogue.Keep(new CatalogueItem("b", ["y"], null, null, []));
        catalogue.Keep(new CatalogueItem("c", ["x"], null, null, []));
        catalogue.Keep(new CatalogueItem("d", [], null, null, [])); // of no category
        var next = NextCategories.Of(Profile([1, 0]), items, 0.5, catalogue);
        var (x, y) = (Math.Exp(1 / 0.5) + Math.Exp(-1 / 0.5), Math.Exp(0));
        Assert.Equal(["x", "y"], next.Select(n => n.Category));
        Assert.Equal(x / (x + y), next[0].Probability, 1e-12);
        Assert.Equal(y / (x + y), next[1].Probability, 1e-12);
    }

    [Fact]
    public void ItemThatDoesNotCountMayBeBetterByAnything()
    {
        var items = new ItemVectors([0, 0, 0, 0, 1, 0, 2, 0, 1_000, 0], 2, new Dictionary<string, long> { ["a"] = 2, ["b"] = 3, ["none"] = 4 });
        var catalogue = new ItemCatalogue();
        catalogue.Keep(new CatalogueItem("a", ["x"], null, null, []));
        catalogue.Keep(new CatalogueItem("b", ["y"], null, null, []));
        var next = NextCategories.Of(Profile([1, 0]), items, 0.5, catalogue);
        Assert.Equal(["y", "x"], next.Select(n => n.Category));
        Assert.Equal(1 / (1 + Math.Exp(-2)), next[0].Probability, 1e-12);
    }

    [Fact]
    public void KindsFollowTheTransitionsOfTheNewestTowardsTheWindowsShares()
    {
        // view→click, click→view, view→view, view→click, click→view; the newest is a view: two clicks and a view came after one.
        var next = Kinds().Of(["view", "click", "view", "view", "click", "view"]).ToDictionary(k => k.Kind, k => k.Probability);
        double Share(int count) => (count + 1.0) / (6 + 10);
        Assert.Equal((2 + (8 * Share(2))) / (3 + 8), next["click"], 1e-12);
        Assert.Equal((1 + (8 * Share(4))) / (3 + 8), next["view"], 1e-12);
        Assert.Equal(8 * Share(0) / (3 + 8), next["purchase"], 1e-12);
        Assert.Equal(1, next.Values.Sum(), 1e-12);
    }

    [Fact]
    public void OneEventLeavesTheShares()
    {
        var next = Kinds("wish").Of(["wish"]);
        Assert.Equal("wish", next[0].Kind);
        Assert.Equal(2.0 / 12, next[0].Probability, 1e-12);
        Assert.Equal(11, next.Count);
        Assert.Empty(Kinds().Of([]));
        Assert.Contains("gone", Kinds().Of(["gone", "view"]).Select(k => k.Kind)); // no setting any more, still in a window
    }

    [Fact]
    public void TemperatureIsTheOneThatTrainingEndedWith()
    {
        var tiny = shop.Service.Services.GetRequiredService<ModelSlot>().Current.Manifest;
        var manifest = JsonElement.Parse(File.ReadAllText(Path.Combine(Repository.TinyPackage, "manifest.json")));
        Assert.Equal(manifest.GetProperty("training").GetProperty("temperature").GetDouble(), tiny.Temperature);
        Assert.InRange(tiny.Temperature, 0.01, 0.5);
        Assert.Equal(0.1, (tiny with { Training = null }).Temperature);
    }

    private static NextKinds Kinds(params string[] extra) => new(Options.Create(new EventOptions { ExtraKinds = extra }));

    private static Profile Profile(float[] vector) => new()
    {
        UserId = "u1",
        Model = "m/1",
        Digest = "d",
        Revision = 1,
        EventCount = 1,
        EventsThrough = Start.UtcDateTime,
        ComputedAt = Start.UtcDateTime,
        Vector = VectorBytes.From(vector),
    };

    private Task<Reply> GetAsync(string user) => shop.Service.GetAsync($"/v1/users/{user}/predictions");
}
