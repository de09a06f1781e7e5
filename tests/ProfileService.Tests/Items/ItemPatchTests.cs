using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Items;

namespace ProfileService.Tests.Items;

public sealed class ItemPatchTests(ItemService items) : IClassFixture<ItemService>
{
    private const string Whole = """
        {"categories":["running","sports"],"price":59.9,"title":"Trail shoe","labels":["sale"],
         "content":[0.5,-1,2],"available":false,"expiresAt":"2026-12-24T18:00:00Z"}
        """;

    private readonly string _path = $"/v1/items/item-{Guid.NewGuid():N}";

    private TestService Service => items.Service;

    public static TheoryData<string, string> Fields => new()
    {
        { "categories", """["yoga"]""" },
        { "price", "1.5" },
        { "title", "\"Mat\"" },
        { "labels", """["new","red"]""" },
        { "content", "[1,2,3]" },
        { "available", "true" },
        { "expiresAt", "\"2027-01-01T00:00:00Z\"" },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task GivenFieldIsReplacedAndTheOthersStay(string field, string value)
    {
        var stored = (await Service.PutAsync(_path, Whole)).Json;
        var patched = await Service.PatchAsync(_path, $$"""{"{{field}}":{{value}}}""");
        Assert.Equal(200, patched.Status);
        Assert.Equal(patched.Body, (await Service.GetAsync(_path)).Body);
        Assert.Equal(stored.EnumerateObject().Select(f => (f.Name, f.Name == field ? value : f.Value.GetRawText())), Values(patched.Json));
    }

    [Fact]
    public void EveryFieldOfAnItemCanBePatched() => Assert.Equal(
        typeof(CatalogueItem).GetProperties().Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name)).Order(),
        Fields.Select(row => row.Data.Item1).Append("itemId").Order());

    [Theory]
    [InlineData("categories", "[]")]
    [InlineData("labels", "[]")]
    [InlineData("available", "true")]
    [InlineData("price", null)]
    [InlineData("title", null)]
    [InlineData("content", null)]
    [InlineData("expiresAt", null)]
    public async Task NullRemovesAField(string field, string? left)
    {
        await Service.PutAsync(_path, Whole);
        var patched = (await Service.PatchAsync(_path, $$"""{"{{field}}":null}""", "application/json")).Json;
        Assert.Equal(left, patched.TryGetProperty(field, out var value) ? value.GetRawText() : null);
        Assert.Equal(left is null ? 7 : 8, patched.EnumerateObject().Count());
    }

    [Fact]
    public async Task ChangeIsKnownToThisProcessAtOnce()
    {
        await Service.PutAsync(_path, Whole);
        await Service.PatchAsync(_path, """{"available":true,"title":"Mat"}""");
        var known = Service.Services.GetRequiredService<ItemCatalogue>().Find(_path.Split('/')[^1])!;
        Assert.Equal((true, "Mat", 59.9), (known.Available, known.Title, known.Price));
    }

    [Fact]
    public async Task UnknownItemIs404AndStaysUnknown()
    {
        Assert.Equal("unknown_item", (await Service.PatchAsync(_path, """{"price":1}""")).Problem(404).GetProperty("code").GetString());
        Assert.Equal(404, (await Service.GetAsync(_path)).Status);
        await Service.PutAsync(_path, Whole);
        await Service.SendAsync(HttpMethod.Delete, _path, []);
        Assert.Equal(404, (await Service.PatchAsync(_path, "{}")).Status);
    }

    [Theory]
    [InlineData("""{"prize":1}""", "unknown_parameter", "prize")]
    [InlineData("""{"price":1,"price":2}""", "repeated_field", "price")]
    [InlineData("""{"itemId":"other"}""", "wrong_item", "itemId")]
    [InlineData("""{"itemId":null}""", "missing_field", "itemId")]
    [InlineData("""{"price":"cheap"}""", "wrong_type", "price")]
    [InlineData("""{"title":"x","categories":["a",null]}""", "wrong_type", "categories[1]")]
    [InlineData("""{"content":[1]}""", "wrong_content_length", "content")]
    [InlineData("""{"expiresAt":"tomorrow"}""", "invalid_timestamp", "expiresAt")]
    [InlineData("[]", "wrong_type", null)]
    [InlineData("null", "wrong_type", null)]
    public async Task BadPatchIs400ThatNamesTheFieldAndChangesNothing(string patch, string code, string? field)
    {
        var stored = await Service.PutAsync(_path, Whole);
        var problem = (await Service.PatchAsync(_path, patch)).Problem(400);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal(field, problem.TryGetProperty("field", out var named) ? named.GetString() : null);
        Assert.Equal(stored.Body, (await Service.GetAsync(_path)).Body);
    }

    private static IEnumerable<(string, string)> Values(JsonElement item) =>
        item.EnumerateObject().Select(f => (f.Name, f.Value.GetRawText()));
}
