using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Dimensions;
using ProfileService.Storage;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Dimensions;

/// <summary>What is read for the dimensions from windows and items, through the service.</summary>
public sealed class DimensionsOfProfilesTests(TestService service) : IClassFixture<TestService>
{
    private const string Awful = "This is terrible. I hate it, it broke at once, a complete waste of money.";

    /// <summary>As a profile had it before there were `against`, `feedback` and `firstEventAt`.</summary>
    private const string Former =
        """
        {"interests":[{"category":"yoga","share":0.75,"trend":-0.1},{"category":"baking","share":0.25}],
         "activity":{"lastEventAt":"2026-11-01T10:00:01Z","recencyDays":1,"events":1,"eventsPerDay":1,"sessions":1,"hours":[1],"weekdays":[1]},
         "intent":{"browse":0.5,"compare":0.25,"buy":0.25}}
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AllCategoriesOfAnEventAreInterests()
    {
        await service.AcceptAsync(Event(1, "many") with { Categories = ["thriller", "drama", "war"] }, Event(2, "many") with { Categories = ["drama"] });
        Assert.Equal([("drama", 0.5, null), ("thriller", 0.25, null), ("war", 0.25, null)], await InterestsAsync(service, "many"));
    }

    [Fact]
    public async Task EventWithoutCategoriesHasAllOfItsItem()
    {
        await service.PutAsync("/v1/items/heat", """{"categories":["thriller","crime"]}""");
        await service.AcceptAsync(Event(1, "of-item", "heat"), Event(2, "of-item", "heat", category: "said"), Event(3, "of-item", "unknown"));
        Assert.Equal([("crime", 0.3333, null), ("said", 0.3333, null), ("thriller", 0.3333, null)], await InterestsAsync(service, "of-item"));
    }

    [Fact]
    public async Task LongNamesAndEightCategoriesAreReadToo()
    {
        string[] categories = [.. Enumerable.Range(0, 8).Select(i => $"{i}{new string('é', 120)}")];
        await service.AcceptAsync(Event(1, "long") with { Categories = categories }, Event(2, "long") with { Categories = categories });
        Assert.Equal(categories.Select(c => (c, 0.125, (double?)null)), await InterestsAsync(service, "long"));
    }

    [Fact]
    public async Task LowRatingAndDislikeAreAgainstAndHighRatingIsFor()
    {
        await service.AcceptAsync(
            Event(1, "rater", kind: "rating", category: "drama", value: 5), Event(2, "rater", kind: "rating", category: "horror", value: 1),
            Event(3, "rater", kind: "dislike", category: "war"), Event(4, "rater", kind: "review", category: "drama", value: 3));
        Assert.Equal([("drama", 1, null), ("horror", 0, 0.2857), ("war", 0, 0.2857)], await InterestsAsync(service, "rater")); // 3 for, 2 and 2 against
    }

    [Fact]
    public async Task TextOfAReviewSpeaksAgainstUnlessSentimentIsOff()
    {
        using var deaf = new TestService(("Model:SentimentPackage", ""));
        foreach (var asked in (TestService[])[service, deaf])
            await asked.AcceptAsync(Event(1, "reviewer", kind: "review", category: "gadgets", text: Awful), Event(2, "reviewer", category: "books"), Event(3, "reviewer", kind: "search", category: "books", text: Awful));
        var interests = await InterestsAsync(service, "reviewer");
        Assert.Equal([("books", 1), ("gadgets", 0)], interests.Select(i => (i.Category, i.Share)));
        Assert.InRange(interests[1].Against!.Value, 0.3, 0.5); // up to 2 of 4
        Assert.Equal([("books", 0.6667, null), ("gadgets", 0.3333, null)], await InterestsAsync(deaf, "reviewer"));
    }

    [Theory]
    [InlineData("1234567")]
    [InlineData("https://example.com/9")]
    [InlineData("ужасно, никогда больше")]
    [InlineData("'")]
    public async Task TextThatStatesNoOpinionCountsInNoMeanAndInNoFeedback(string text)
    {
        var user = $"silent-{text.Length}";
        await service.AcceptAsync(
            Event(1, user, kind: "review", category: "gadgets", text: Awful), Event(2, user, kind: "review", category: "books", text: text));
        var dimensions = (await service.FreshAsync(user)).Json.GetProperty("dimensions");
        Assert.Equal(1, dimensions.GetProperty("sentiment").GetProperty("texts").GetInt32());
        var mean = dimensions.GetProperty("sentiment").GetProperty("mean").GetDouble();
        Assert.InRange(mean, -1, -0.5);
        var against = (await InterestsAsync(service, user)).Single(i => i.Category == "gadgets").Against!.Value;
        Assert.Equal(-2 * mean / (1 - (2 * mean)), against, 1e-3); // the silent review says 1 for, as a view does
        var explained = (await service.GetAsync($"/v1/users/{user}/explanation")).Json;
        Assert.Equal([true, false], explained.GetProperty("events").EnumerateArray().Select(e => e.TryGetProperty("sentiment", out _)));
        Assert.Equal(1, explained.GetProperty("dimensions").GetProperty("sentimentTexts").GetInt32());
    }

    [Fact]
    public async Task ScaleOfRatingsIsASetting()
    {
        using var ten = new TestService(("Events:LowestRating", "0"), ("Events:HighestRating", "10"));
        await ten.AcceptAsync(Event(1, kind: "rating", category: "drama", value: 5), Event(2, kind: "rating", category: "horror", value: 2.5), Event(3, kind: "rating", category: "war", value: 12));
        Assert.Equal([("war", 0.6667, null), ("drama", 0.3333, null), ("horror", 0, 0.25)], await InterestsAsync(ten, "u1"));
    }

    [Fact]
    public async Task OnlyWhatWasBoughtBeforeIsGivenFeedbackOn()
    {
        await service.AcceptAsync(
            Event(1, "buyer", "i1", "rating", value: 4), Event(2, "buyer", "i1", "purchase"), Event(3, "buyer", "i2", "cart"),
            Event(90_001, "buyer", "i1", "rating", value: 5), Event(90_002, "buyer", "i1", "review"), Event(90_003, "buyer", "i2", "like"), Event(90_004, "buyer", "i3", "view"));
        Assert.Equal((0.25, 0.25, 0, 0.5), await IntentAsync("buyer"));

        await service.AcceptAsync(Event(1, "other", "i1", "rating", value: 4), Event(2, "other", "i1", "purchase"));
        Assert.Equal((0, 0.5, 0.5, 0), await IntentAsync("other")); // of one window, what another user bought is nothing
    }

    [Fact]
    public async Task ExplanationCountsAnEventForEachOfItsCategories()
    {
        await service.AcceptAsync(Event(1, "explained") with { Categories = ["thriller", "drama"] }, Event(2, "explained", kind: "dislike", category: "drama"));
        var interests = (await service.GetAsync("/v1/users/explained/explanation")).Json.GetProperty("dimensions").GetProperty("interests").EnumerateArray().ToList();
        Assert.Equal([("drama", 2), ("thriller", 1)], interests.Select(i => (i.GetProperty("category").GetString(), i.GetProperty("events").GetInt32())));
        Assert.Equal(0.5, interests[0].GetProperty("against").GetDouble());
        Assert.False(interests[1].TryGetProperty("against", out _));
    }

    [Fact]
    public void FormerDimensionsAreRead()
    {
        var read = ProfileDimensions.FromJson(Former)!;
        Assert.Equal([new Interest("yoga", 0.75, -0.1, null), new Interest("baking", 0.25, null, null)], read.Interests!);
        Assert.Equal(new Intent(0.5, 0.25, 0.25, 0), read.Intent);
        Assert.Null(read.Activity!.FirstEventAt);
        Assert.Equal(read.ToJson(), ProfileDimensions.FromJson(read.ToJson())!.ToJson());
    }

    [Fact]
    public async Task FormerProfileIsAnsweredAndComputedAnewAtTheNextRefresh()
    {
        using var former = new TestService(("Lookup:CacheFor", "00:00:00"));
        await former.AcceptAsync(Event(1, category: "yoga"));
        await former.FreshAsync("u1");
        await using (var db = await former.Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContextAsync(Token))
            await db.Profiles.ExecuteUpdateAsync(set => set.SetProperty(p => p.Dimensions, Former), Token);

        using var restarted = former.Restart();
        Assert.Equal([("yoga", 0.75, null), ("baking", 0.25, null)], await InterestsAsync(restarted, "u1"));
        await restarted.AcceptAsync(Event(2, kind: "dislike", category: "baking"));
        Assert.Equal([("yoga", 1, null), ("baking", 0, 0.6667)], await InterestsAsync(restarted, "u1"));
    }

    private static async Task<List<(string Category, double Share, double? Against)>> InterestsAsync(TestService asked, string user) =>
        [.. (await asked.FreshAsync(user)).Json.GetProperty("dimensions").GetProperty("interests").EnumerateArray()
            .Select(i => (i.GetProperty("category").GetString()!, i.GetProperty("share").GetDouble(), AgainstOf(i)))];

    private static double? AgainstOf(JsonElement interest) => interest.TryGetProperty("against", out var against) ? against.GetDouble() : null;

    private async Task<(double, double, double, double)> IntentAsync(string user)
    {
        var intent = (await service.FreshAsync(user)).Json.GetProperty("dimensions").GetProperty("intent");
        return (Of("browse"), Of("compare"), Of("buy"), Of("feedback"));

        double Of(string share) => intent.GetProperty(share).GetDouble();
    }
}
