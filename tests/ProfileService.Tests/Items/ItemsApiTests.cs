using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Items;

namespace ProfileService.Tests.Items;

public sealed class ItemsApiTests(ItemService items) : IClassFixture<ItemService>
{
    private const string Ndjson = "application/x-ndjson";
    private const string Whole = """{"categories":["running","sports"],"price":59.9,"title":"Trail shoe","labels":["sale"],"content":[0.5,-1,1E-05]}""";

    private TestService Service => items.Service;

    private static string NewItem => $"item-{Guid.NewGuid():N}";

    private ItemCatalogue Catalogue => Service.Services.GetRequiredService<ItemCatalogue>();

    [Fact]
    public async Task PutItemIsAnsweredFoundAndKnownAtOnce()
    {
        var id = NewItem;
        Assert.Equal(404, (await Service.GetAsync($"/v1/items/{id}")).Status);
        var put = await Service.PutAsync($"/v1/items/{id}", Whole);
        Assert.Equal(200, put.Status);
        Assert.Equal($$"""{"itemId":"{{id}}",{{Whole[1..^1]}},"available":true}""", put.Json.GetRawText());
        Assert.Equal(put.Body, (await Service.GetAsync($"/v1/items/{id}")).Body);
        Assert.Equal("Trail shoe", Catalogue.Find(id)!.Title);
    }

    [Fact]
    public async Task PutReplacesAllThatWasKnown()
    {
        var id = NewItem;
        await Service.PutAsync($"/v1/items/{id}", Whole);
        await Service.PutAsync($"/v1/items/{id}", """{"title":null,"price":null,"categories":null}""");
        Assert.Equal($$"""{"itemId":"{{id}}","categories":[],"labels":[],"available":true}""", (await Service.GetAsync($"/v1/items/{id}")).Json.GetRawText());
        Assert.Equal([], Catalogue.Find(id)!.Categories);
    }

    [Theory]
    [InlineData("false", "\"2026-12-24T19:00:00+01:00\"", "2026-12-24T18:00:00Z")]
    [InlineData("true", "1798137600123", "2026-12-24T18:40:00.123Z")]
    public async Task WhetherAndUntilWhenItIsAvailableIsAnsweredAsPut(string available, string given, string answered)
    {
        var path = $"/v1/items/{NewItem}";
        var put = await Service.PutAsync(path, $$"""{"available":{{available}},"expiresAt":{{given}}}""");
        Assert.EndsWith($$""","available":{{available}},"expiresAt":"{{answered}}"}""", put.Json.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(put.Body, (await Service.GetAsync(path)).Body);
        await Service.PutAsync(path, """{"available":null,"expiresAt":null}""");
        Assert.EndsWith(""","available":true}""", (await Service.GetAsync(path)).Json.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeletedItemIsGoneWhetherOrNotItWasThere()
    {
        var id = NewItem;
        await Service.PutAsync($"/v1/items/{id}", Whole);
        for (var i = 0; i < 2; i++)
        {
            var reply = await Service.SendAsync(HttpMethod.Delete, $"/v1/items/{id}", []);
            Assert.Equal((204, 0), (reply.Status, reply.Body.Length));
            Assert.Equal(404, (await Service.GetAsync($"/v1/items/{id}")).Status);
            Assert.Null(Catalogue.Find(id));
        }

        await Service.PutAsync($"/v1/items/{id}", "{}");
        Assert.Equal(200, (await Service.GetAsync($"/v1/items/{id}")).Status);
        (await Service.SendAsync(HttpMethod.Delete, $"/v1/items/{new string('x', 129)}", [])).Problem(400);
    }

    [Theory]
    [InlineData("a/b c%2")]
    [InlineData("漢é'\"")]
    [InlineData("..")]
    public async Task AnyIdCanBePutAndFound(string id)
    {
        var path = $"/v1/items/{(id == ".." ? "%2E%2E%2Fx" : Uri.EscapeDataString(id))}";
        id = id == ".." ? "../x" : id;
        Assert.Equal(id, (await Service.PutAsync(path, "{}")).Json.GetProperty("itemId").GetString());
        Assert.Equal(id, (await Service.GetAsync(path)).Json.GetProperty("itemId").GetString());
    }

    [Fact]
    public async Task IdInTheBodyMayRepeatTheAddressAndNothingElse()
    {
        var id = NewItem;
        Assert.Equal(200, (await Service.PutAsync($"/v1/items/{id}", $$"""{"itemId":"{{id}}"}""")).Status);
        var problem = (await Service.PutAsync($"/v1/items/{id}", """{"itemId":"other"}""")).Problem(400);
        Assert.Equal(("itemId", "wrong_item"), (problem.GetProperty("field").GetString(), problem.GetProperty("code").GetString()));
        Assert.Equal(404, (await Service.GetAsync("/v1/items/other")).Status);
    }

    [Fact]
    public async Task ArrayIsTakenItemByItem()
    {
        var (good, last) = (NewItem, NewItem);
        var reply = await Service.PostAsync("/v1/items", $$"""[{"itemId":"{{good}}","price":1},{"price":2},{"itemId":"{{last}}","labels":["a"]},7]""");
        Assert.Equal(200, reply.Status);
        Assert.Equal((2, 2), Counts(reply.Json));
        var problems = reply.Json.GetProperty("problems");
        Assert.Equal([1, 3], problems.EnumerateArray().Select(p => p.GetProperty("index").GetInt32()));
        Assert.Equal(("missing_field", "itemId"), (problems[0].GetProperty("code").GetString(), problems[0].GetProperty("field").GetString()));
        Assert.Equal("wrong_type", problems[1].GetProperty("code").GetString());
        Assert.Equal(1, Catalogue.Find(good)!.Price);
        Assert.Equal(["a"], Catalogue.Find(last)!.Labels);
    }

    [Fact]
    public async Task OneObjectIsTaken()
    {
        var reply = await Service.PostAsync("/v1/items", $$"""{"itemId":"{{NewItem}}"}""");
        Assert.Equal("""{"accepted":1,"rejected":0,"problems":[]}""", reply.Json.GetRawText());
    }

    [Fact]
    public async Task NdjsonIsTakenLineByLineAndInBatches()
    {
        var id = NewItem;
        var lines = Enumerable.Range(0, 2_500).Select(i => $$"""{"itemId":"{{id}}-{{i}}","price":{{i}}}""").Append("{broken").Append("").Append($$"""{"itemId":"{{id}}-0","price":-1} trailing""");
        var reply = await Service.PostAsync("/v1/items", string.Join('\n', lines), Ndjson);
        Assert.Equal((2_500, 2), Counts(reply.Json));
        Assert.Equal([2_500, 2_501], reply.Json.GetProperty("problems").EnumerateArray().Select(p => p.GetProperty("index").GetInt32()));
        Assert.Equal(2_499, Catalogue.Find($"{id}-2499")!.Price);
        Assert.Equal(0, Catalogue.Find($"{id}-0")!.Price);
    }

    [Fact]
    public async Task OfTwoWithOneIdTheLaterStands()
    {
        var id = NewItem;
        await Service.PostAsync("/v1/items", $$"""[{"itemId":"{{id}}","price":1},{"itemId":"{{id}}","price":2}]""");
        Assert.Equal(2, Catalogue.Find(id)!.Price);
    }

    [Theory]
    [InlineData("itemId", "5", "wrong_type")]
    [InlineData("itemId", "\"\"", "invalid_length")]
    [InlineData("itemId", "\"a\\u0000b\"", "control_character")]
    [InlineData("itemId", "\"a\\ud800b\"", "invalid_text")]
    [InlineData("categories", "\"shoes\"", "wrong_type")]
    [InlineData("categories", "[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\"]", "too_many_categories")]
    [InlineData("categories", "[\"a\",1]", "wrong_type")]
    [InlineData("categories", "[\"\"]", "invalid_length")]
    [InlineData("categories", "[\"\\n\"]", "control_character")]
    [InlineData("price", "\"cheap\"", "wrong_type")]
    [InlineData("available", "\"yes\"", "wrong_type")]
    [InlineData("available", "1", "wrong_type")]
    [InlineData("expiresAt", "true", "wrong_type")]
    [InlineData("expiresAt", "\"tomorrow\"", "invalid_timestamp")]
    [InlineData("expiresAt", "1795341600", "invalid_timestamp")]
    [InlineData("expiresAt", "\"1969-12-31T00:00:00Z\"", "timestamp_too_early")]
    [InlineData("price", "1e999", "value_not_finite")]
    [InlineData("price", "-1e999", "value_not_finite")]
    [InlineData("title", "7", "wrong_type")]
    [InlineData("title", "\"a\\u0000b\"", "control_character")]
    [InlineData("labels", "{}", "wrong_type")]
    [InlineData("labels", "[null]", "wrong_type")]
    [InlineData("content", "\"AAAA\"", "wrong_type")]
    [InlineData("content", "[1,2,\"NaN\"]", "wrong_type")]
    [InlineData("content", "[1,2,1.1e9]", "content_too_large")]
    [InlineData("content", "[1,2,-1e39]", "content_too_large")]
    [InlineData("content", "[1,2,-1e999]", "content_too_large")]
    [InlineData("content", "[1,2]", "wrong_content_length")]
    [InlineData("content", "[1,2,3,4]", "wrong_content_length")]
    [InlineData("content", "[]", "wrong_content_length")]
    public async Task BadFieldIsNamedAndCostsTheOtherItemNothing(string field, string json, string code)
    {
        var (good, bad) = (NewItem, NewItem);
        var wrong = field == "itemId" ? $$"""{"itemId":{{json}}}""" : $$"""{"itemId":"{{bad}}","{{field}}":{{json}}}""";
        var beside = await Service.PostAsync("/v1/items", $$"""[{{wrong}},{"itemId":"{{good}}"}]""");
        Assert.Equal((1, 1), Counts(beside.Json));
        AssertProblem(beside.Json.GetProperty("problems")[0]);
        Assert.NotNull(Catalogue.Find(good));

        var alone = (await Service.PostAsync("/v1/items", wrong)).Problem(400);
        Assert.Equal((0, 1), Counts(alone));
        AssertProblem((await Service.PutAsync($"/v1/items/{bad}", wrong)).Problem(400));
        Assert.Equal(404, (await Service.GetAsync($"/v1/items/{bad}")).Status);
        Assert.Null(Catalogue.Find(bad));

        void AssertProblem(JsonElement problem)
        {
            Assert.Equal(code, problem.GetProperty("code").GetString());
            if (code != "invalid_text")
                Assert.StartsWith(field, problem.GetProperty("field").GetString()!, StringComparison.Ordinal);
            Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        }
    }

    [Fact]
    public async Task WrongSizeContentVectorIsRefusedByName()
    {
        var problem = (await Service.PutAsync($"/v1/items/{NewItem}", """{"content":[1,2]}""")).Problem(400);
        Assert.Equal("content must have 3 numbers (Items:ContentDimension), not 2.", problem.GetProperty("detail").GetString());
        Assert.Equal("content", problem.GetProperty("field").GetString());
    }

    [Theory]
    [InlineData("labels", 64, 200)]
    [InlineData("labels", 65, 400)]
    [InlineData("categories", 8, 200)]
    public async Task ListsHaveTheirBounds(string field, int count, int status) =>
        Assert.Equal(status, (await Service.PutAsync($"/v1/items/{NewItem}", $$"""{"{{field}}":[{{string.Join(',', Enumerable.Range(0, count).Select(i => $"\"{i}\""))}}]}""")).Status);

    [Theory]
    [InlineData("title", 256, 200)]
    [InlineData("title", 257, 400)]
    [InlineData("labels", 128, 200)]
    [InlineData("labels", 129, 400)]
    [InlineData("categories", 128, 200)]
    [InlineData("categories", 129, 400)]
    public async Task TextsHaveTheirBounds(string field, int length, int status)
    {
        var text = JsonSerializer.Serialize(new string('ü', length));
        Assert.Equal(status, (await Service.PutAsync($"/v1/items/{NewItem}", $$"""{"{{field}}":{{(field == "title" ? text : $"[{text}]")}}}""")).Status);
    }

    [Theory]
    [InlineData(128, 200)]
    [InlineData(129, 400)]
    public async Task IdInTheAddressHasItsBound(int length, int status) =>
        Assert.Equal(status, (await Service.PutAsync($"/v1/items/{new string('x', length)}", "{}")).Status);

    [Theory]
    [InlineData("a%01b")]
    [InlineData("a%00b")]
    public async Task IdThatNoItemCanHaveIsNeitherTakenNorFound(string id)
    {
        Assert.InRange((await Service.PutAsync($"/v1/items/{id}", "{}")).Status, 400, 404);
        Assert.InRange((await Service.GetAsync($"/v1/items/{id}")).Status, 400, 404);
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("{", 400)]
    [InlineData("{} {}", 400)]
    [InlineData("[{}]", 400)]
    [InlineData("{\"content\":[NaN,1,2]}", 400)]
    public async Task BodyThatIsNoItemIsRefused(string body, int status)
    {
        (await Service.PutAsync($"/v1/items/{NewItem}", body)).Problem(status);
        if (body != "[{}]")
            (await Service.PostAsync("/v1/items", body)).Problem(status);
    }

    [Fact]
    public async Task TooManyOrTooLargeAre413AndStoreNothing()
    {
        var id = NewItem;
        (await Service.PostAsync("/v1/items", $"[{string.Join(',', Enumerable.Range(0, 1_001).Select(i => $$"""{"itemId":"{{id}}-{{i}}"}"""))}]")).Problem(413);
        (await Service.PostAsync("/v1/items", $$"""{"itemId":"{{id}}","x":"{{new string('x', 17 << 20)}}"}""")).Problem(413);
        (await Service.PutAsync($"/v1/items/{id}", $$"""{"x":"{{new string('x', 2 << 20)}}"}""")).Problem(413);
        Assert.Null(Catalogue.Find($"{id}-0"));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json; charset=utf-16")]
    public async Task OtherContentTypesAre415(string type)
    {
        (await Service.PostAsync("/v1/items", "{}", type)).Problem(415);
        (await Service.PutAsync($"/v1/items/{NewItem}", "{}", type)).Problem(415);
    }

    [Fact]
    public async Task LineThatIsTooLongIsSkippedAlone()
    {
        var id = NewItem;
        var reply = await Service.PostAsync("/v1/items", $$"""{"itemId":"{{id}}","x":"{{new string('x', 1 << 20)}}"}""" + $$"""{{"\n"}}{"itemId":"{{id}}"}""", Ndjson);
        Assert.Equal((1, 1), Counts(reply.Json));
        Assert.Equal("item_too_large", reply.Json.GetProperty("problems")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task DeepNestingIsRefusedAndCostsTheOtherItemNothing()
    {
        var open = string.Concat(Enumerable.Repeat("[", 100_000));
        var deep = $$"""{"itemId":"{{NewItem}}","x":{{open}}{{open.Replace('[', ']')}}}""";
        foreach (var (body, type) in new[] { ($$"""[{{deep}},{"itemId":"{{NewItem}}"}]""", "application/json"), ($"{deep}\n{{\"itemId\":\"{NewItem}\"}}", Ndjson) })
        {
            var reply = (await Service.PostAsync("/v1/items", body, type)).Json;
            Assert.Equal((1, 1), Counts(reply));
            Assert.Equal("too_deep", reply.GetProperty("problems")[0].GetProperty("code").GetString());
        }

        (await Service.PutAsync($"/v1/items/{NewItem}", deep)).Problem(400);
    }

    [Fact]
    public async Task ContentIsNotTakenUnlessItsLengthIsSet()
    {
        using var service = new TestService();
        var problem = (await service.PutAsync("/v1/items/i1", """{"content":[1]}""")).Problem(400);
        Assert.Contains("Items:ContentDimension", problem.GetProperty("detail").GetString()!, StringComparison.Ordinal);
        Assert.Equal(404, (await service.GetAsync("/v1/items/i1")).Status);
    }

    private static (int, int) Counts(JsonElement reply) => (reply.GetProperty("accepted").GetInt32(), reply.GetProperty("rejected").GetInt32());
}

/// <summary>A service whose items have content vectors of three numbers.</summary>
public sealed class ItemService : IDisposable
{
    public const int ContentDimension = 3;

    public TestService Service { get; } = new(("Items:ContentDimension", ContentDimension.ToString(CultureInfo.InvariantCulture)));

    public void Dispose() => Service.Dispose();
}
