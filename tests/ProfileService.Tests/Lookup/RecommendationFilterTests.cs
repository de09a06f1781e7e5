using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Lookup;
using ProfileService.Model;

namespace ProfileService.Tests.Lookup;

/// <summary>Whatever a request for recommendations asks for, the answer is what a reader would pick from the whole list by hand.</summary>
public sealed class RecommendationFilterTests(FilteredShop shop) : IClassFixture<FilteredShop>
{
    private const int Draws = 60;

    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    [Theory]
    [InlineData("", "{}")]
    [InlineData("?count=7", """{"count":7}""")]
    [InlineData("?excludeSeen=false", """{"excludeSeen":"never","fallback":"none","diversity":0,"filter":{}}""")]
    [InlineData("?categories=yoga,coffee", """{"filter":{"categories":["yoga","coffee"]}}""")]
    public async Task AnswerIsThatOfTheSameQuestionByGet(string query, string body) => Assert.Equal(
        WithoutItsId(await shop.Service.GetAsync($"/v1/users/u0001/recommendations{query}")),
        WithoutItsId(await shop.Service.PostAsync("/v1/users/u0001/recommendations", body)));

    private static string WithoutItsId(Reply reply)
    {
        var answer = JsonNode.Parse(reply.Body)!.AsObject();
        Assert.True(answer.Remove("recommendationId"));
        return answer.ToJsonString();
    }

    [Fact]
    public async Task FilterKeepsTheBestOfWhatItAdmitsHoweverFewTheyAre()
    {
        var (random, all) = (new Random(18), await shop.AllAsync("u0003"));
        var (admitted, narrow) = (0, 0);
        for (var draw = 0; draw < Draws; draw++)
        {
            var filter = Draw(random, all);
            var expected = all.Where(i => filter.Admits(i.Id, shop.Catalogue.Find(i.Id))).ToList();
            var body = JsonSerializer.Serialize(new { count = 10, excludeSeen = "never", filter }, Web);
            Assert.Equal(expected.Take(10), await shop.PostAsync("u0003", body));
            admitted += expected.Count > 0 ? 1 : 0;
            narrow += expected.Count is > 0 and < 10 ? 1 : 0;
        }

        Assert.True(admitted > Draws / 2 && narrow > 0, $"{admitted} filters admit an item, {narrow} fewer than ten");
    }

    [Fact]
    public async Task ItemWithoutAPriceIsNotWithinBounds()
    {
        var kept = await shop.PostAsync("u0001", """{"count":1000,"filter":{"minPrice":0}}""");
        Assert.NotEmpty(kept);
        Assert.All(kept, item => Assert.NotNull(shop.Catalogue.Find(item.Id)!.Price));
    }

    [Fact]
    public async Task SeenItemsAreLeftOutBesideThoseOfTheFilter()
    {
        var window = (await shop.Service.GetAsync("/v1/users/u0001/window")).Json;
        var seen = window.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("itemId").GetString()!).ToHashSet();
        var expected = (await shop.AllAsync("u0001"))
            .Where(i => !seen.Contains(i.Id) && shop.Catalogue.Find(i.Id)!.Labels.Contains("even"));
        Assert.Equal(expected, await shop.PostAsync("u0001", """{"count":1000,"filter":{"labels":["even"]}}"""));
    }

    [Theory]
    [InlineData(1, 12)]
    [InlineData(2, 12)]
    [InlineData(3, 1000)]
    public async Task MaximumPerCategoryTakesTheBestOfEach(int most, int count)
    {
        var taken = new Dictionary<string, int>();
        var expected = (await shop.AllAsync("u0002")).Where(i => shop.Catalogue.Find(i.Id)!.Categories is not [var first, ..]
            || (taken[first] = taken.GetValueOrDefault(first) + 1) <= most).Take(count);
        Assert.Equal(expected, await shop.PostAsync("u0002", $$"""{"count":{{count}},"excludeSeen":"never","maxPerCategory":{{most}}}"""));
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.7)]
    [InlineData(1)]
    public async Task DiversityPicksByMaximalMarginalRelevance(double diversity)
    {
        const int Count = 10;
        var vectors = shop.Service.Services.GetRequiredService<ModelSlot>().Current.Items!.Vectors;
        var index = ItemIndex.Of(vectors, shop.Catalogue, TimeProvider.System);
        var left = (await shop.AllAsync("u0004")).Take(5 * Count)
            .Select(i => (i.Id, i.Score, Vector: UnitVector(index, vectors.Dimension, i.Id))).ToList();
        var expected = new List<(string Id, float[] Vector)>();
        while (expected.Count < Count)
        {
            var best = left.MaxBy(i => ((1 - diversity) * i.Score)
                - (diversity * expected.Select(e => Dot(e.Vector, i.Vector)).DefaultIfEmpty(-1).Max()));
            expected.Add((best.Id, best.Vector));
            left.Remove(best);
        }

        var d = diversity.ToString(CultureInfo.InvariantCulture);
        var picked = await shop.PostAsync("u0004", $$"""{"count":{{Count}},"excludeSeen":"never","diversity":{{d}}}""");
        Assert.Equal(expected.Select(e => e.Id), picked.Select(i => i.Id));
        Assert.NotEqual((await shop.AllAsync("u0004")).Take(Count).Select(i => i.Id), picked.Select(i => i.Id));
    }

    [Fact]
    public async Task DiversityAndMaximumPerCategoryHoldTogether()
    {
        var picked = await shop.PostAsync("u0004", """{"count":30,"diversity":0.5,"maxPerCategory":2}""");
        Assert.Equal(30, picked.Count);
        var categories = picked.Select(i => shop.Catalogue.Find(i.Id)!.Categories).Where(c => c.Count > 0);
        Assert.All(categories.CountBy(c => c[0]), count => Assert.True(count.Value <= 2, count.Key));
    }

    [Theory]
    [InlineData("""{"count":0}""", "out_of_range", "count", "count must be a whole number, 1 to 1,000.")]
    [InlineData("""{"count":1e300}""", "out_of_range", "count", "count must be a whole number, 1 to 1,000.")]
    [InlineData("""{"count":2.5}""", "wrong_type", "count", "count must be a whole number, 1 to 1,000.")]
    [InlineData("""{"count":"ten"}""", "wrong_type", "count", "count must be a number, not a string.")]
    [InlineData(
        """{"cuont":3}""", "unknown_parameter", "cuont",
        "cuont is not a field of a request for recommendations, "
        + "which has count, context, after, filter, diversity, fallback, excludeSeen, maxPerCategory.")]
    [InlineData(
        """{"excludeSeen":true}""",
        "wrong_type",
        "excludeSeen",
        "excludeSeen must be window or ever or purchased or never, not true or false.")]
    [InlineData("""{"excludeSeen":"all"}""", "unknown_word", "excludeSeen", "excludeSeen must be window or ever or purchased or never.")]
    [InlineData(
        """{"excludeSeen":"ever"}""", "seen_not_remembered", "excludeSeen",
        "The service does not remember what users met beyond their windows. Set Windows:RememberSeen=true, or let excludeSeen be window.")]
    [InlineData("""{"fallback":"best"}""", "unknown_word", "fallback", "fallback must be none or popular.")]
    [InlineData("""{"diversity":1.1}""", "out_of_range", "diversity", "diversity must be a number, 0 to 1.")]
    [InlineData("""{"maxPerCategory":0}""", "out_of_range", "maxPerCategory", "maxPerCategory must be a whole number, 1 to 1,000.")]
    [InlineData("""{"filter":["yoga"]}""", "wrong_type", "filter", "filter must be an object, not an array.")]
    [InlineData(
        """{"filter":{"categories":[]}}""", "invalid_length", "filter.categories",
        "filter.categories is empty. Name one, or leave it out.")]
    [InlineData(
        """{"filter":{"categories":"yoga"}}""", "wrong_type", "filter.categories",
        "filter.categories must be an array of strings, not a string.")]
    [InlineData(
        """{"filter":{"excludeItems":["a",".."]}}""", "reserved_id", "filter.excludeItems[1]",
        "filter.excludeItems[1] must not be . or .. because a URL cannot contain them.")]
    [InlineData(
        """{"filter":{"labels":["a",""]}}""", "invalid_length", "filter.labels[1]",
        "filter.labels[1] must have 1 to 128 characters.")]
    [InlineData(
        """{"filter":{"minPrice":3,"maxPrice":2}}""", "out_of_range", "filter.minPrice",
        "filter.minPrice must not exceed maxPrice.")]
    [InlineData(
        """{"filter":{"maxPrice":1e999}}""", "value_not_finite", "filter.maxPrice",
        "filter.maxPrice must be a finite number, at most 1.8e308 either way.")]
    [InlineData("""{"filter":{"colour":"red"}}""", "unknown_parameter", "filter.colour", null)]
    [InlineData("""{"count":1,"count":2}""", "repeated_field", "count", null)]
    public async Task BadFieldIs400ThatNamesIt(string body, string code, string field, string? detail)
    {
        var problem = (await shop.Service.PostAsync("/v1/users/u0001/recommendations", body)).Problem(400);
        Assert.Equal((code, field), (problem.GetProperty("code").GetString(), problem.GetProperty("field").GetString()));
        Assert.Equal(detail ?? problem.GetProperty("detail").GetString(), problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task TooManyNamesAre400()
    {
        var fields = new[] { ("categories", 64, "categories"), ("excludeLabels", 64, "labels"), ("excludeItems", 1_000, "items") };
        foreach (var (field, most, noun) in fields)
        {
            var names = Enumerable.Range(0, most + 1).Select(i => $"n{i}").ToList();
            var filter = new Dictionary<string, List<string>> { [field] = names };
            var problem = (await PostAsync(filter)).Problem(400);
            Assert.Equal($"too_many_{noun}", problem.GetProperty("code").GetString());
            Assert.Equal($"filter.{field}", problem.GetProperty("field").GetString());
            names.RemoveAt(0);
            Assert.Equal(200, (await PostAsync(filter)).Status);
        }
    }

    private Task<Reply> PostAsync(Dictionary<string, List<string>> filter) =>
        shop.Service.PostAsync("/v1/users/u0001/recommendations", JsonSerializer.Serialize(new { filter }));

    private static ItemFilter Draw(Random random, IReadOnlyList<(string Id, float Score)> all)
    {
        string[] categories = ["yoga", "coffee", "running", "offers", "no such category"];
        string[] labels = ["even", "label-0", "label-2", "no such label"];
        var least = random.Next(50);
        return new ItemFilter(
            Some(categories, 2), Some(categories, 2), Some(labels, 2), Some(labels, 1),
            random.Next(2) == 0 ? null : [.. all.Take(20).Where(_ => random.Next(2) == 0).Select(i => i.Id), "no such item"],
            random.Next(2) == 0 ? least : null,
            random.Next(2) == 0 ? least + random.Next(5) : null);

        string[]? Some(string[] names, int most) => random.Next(3) == 0 ? [.. random.GetItems(names, 1 + random.Next(most))] : null;
    }

    private static float[] UnitVector(ItemIndex index, int dimension, string item)
    {
        var vector = new float[dimension];
        index.CopyUnitVector(index.RowOf(item)!.Value, vector);
        return vector;
    }

    private static double Dot(float[] x, float[] y) => x.Zip(y).Sum(p => (double)p.First * p.Second);
}
