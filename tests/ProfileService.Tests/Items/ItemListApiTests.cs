using System.Globalization;
using System.Text.Json;

namespace ProfileService.Tests.Items;

public sealed class ItemListApiTests : IDisposable
{
    private readonly TestService _service = TestService.WithoutWorker();

    [Fact]
    public async Task EmptyCatalogueIsOneEmptyPage() =>
        Assert.Equal("""{"items":[]}""", (await _service.GetAsync("/v1/items")).Json.GetRawText());

    [Fact]
    public async Task ItemsAreAnsweredAsTheirOwnAddressDoesPageByPage()
    {
        await PutAsync(
            """{"itemId":"b","title":"Trail shoe","price":59.9,"available":false}""", """{"itemId":"a"}""", """{"itemId":"c"}""");
        var first = (await _service.GetAsync("/v1/items?count=2")).Json;
        Assert.Equal("b", first.GetProperty("next").GetString());
        Assert.Equal(["a", "b"], Ids(first));
        Assert.Equal((await _service.GetAsync("/v1/items/b")).Json.GetRawText(), first.GetProperty("items")[1].GetRawText());

        var last = (await _service.GetAsync("/v1/items?count=2&after=b")).Json;
        Assert.Equal(["c"], Ids(last));
        Assert.False(last.TryGetProperty("next", out _));
        Assert.Equal(["b"], Ids((await _service.GetAsync("/v1/items?query=SHOE")).Json));
    }

    [Fact]
    public async Task PageHasAHundredItemsWhereNothingElseIsAskedFor()
    {
        await PutAsync([.. Enumerable.Range(0, 101).Select(i => $$"""{"itemId":"i{{i}}"}""")]);
        Assert.Equal(100, Ids((await _service.GetAsync("/v1/items")).Json).Count());
        Assert.Equal(101, Ids((await _service.GetAsync("/v1/items?count=1000")).Json).Count());
    }

    [Fact]
    public async Task PageOfLongContentVectorsHasFewerItemsAndTheNextOneGoesOn()
    {
        using var service = TestService.WithoutWorker(("Items:ContentDimension", "4096"));
        var content = string.Join(',', Enumerable.Range(0, 4_096).Select(i => (i / 9_000d).ToString(CultureInfo.InvariantCulture)));
        string[] ids = [.. Enumerable.Range(0, 80).Select(i => $"i{i:00}")];
        foreach (var id in ids)
            Assert.Equal(200, (await service.PutAsync($"/v1/items/{id}", $$"""{"title":"long","content":[{{content}}]}""")).Status);
        foreach (var query in (string[])["", "long"])
        {
            var (found, next) = (new List<string?>(), "");
            while (next is not null)
            {
                var page = (await service.GetAsync($"/v1/items?count=1000&query={query}&after={next}")).Json;
                Assert.InRange(page.GetRawText().Length, 1, 2 << 20);
                found.AddRange(Ids(page));
                next = page.TryGetProperty("next", out var id) ? id.GetString() : null;
            }

            Assert.Equal(ids, found);
        }
    }

    [Theory]
    [InlineData("count=0", "out_of_range", "count")]
    [InlineData("count=1001", "out_of_range", "count")]
    [InlineData("after=a%00", "control_character", "after")]
    [InlineData("before=a", "unknown_parameter", "before")]
    public async Task BadQueryIs400ThatNamesTheField(string query, string code, string field)
    {
        var problem = (await _service.GetAsync($"/v1/items?{query}")).Problem(400);
        Assert.Equal((code, field), (problem.GetProperty("code").GetString(), problem.GetProperty("field").GetString()));
    }

    [Fact]
    public async Task TextsHaveTheirBounds()
    {
        Assert.Equal(200, (await _service.GetAsync($"/v1/items?query={new string('x', 200)}&after={new string('x', 128)}")).Status);
        var tooLong = await _service.GetAsync($"/v1/items?query={new string('x', 201)}");
        Assert.Equal("text_too_long", tooLong.Problem(400).GetProperty("code").GetString());
        var noId = await _service.GetAsync($"/v1/items?after={new string('x', 129)}");
        Assert.Equal("invalid_length", noId.Problem(400).GetProperty("code").GetString());
    }

    public void Dispose() => _service.Dispose();

    private async Task PutAsync(params string[] items)
    {
        var reply = await _service.PostAsync("/v1/items", $"[{string.Join(',', items)}]");
        Assert.Equal(items.Length, reply.Json.GetProperty("accepted").GetInt32());
    }

    private static IEnumerable<string?> Ids(JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("itemId").GetString());
}
