using System.Text.Json;

namespace ProfileService.Tests.Lookup;

public sealed class AudienceTests : IDisposable
{
    private readonly TestService _service = new();

    [Fact]
    public async Task UsersOfACategoryAreNearestToTheMeanOfItsItems()
    {
        const string Category = "half price/50% off, ü";
        await RefreshAsync("yogi", "yoga-001", "yoga-002", "yoga-003");
        await RefreshAsync("drinker", "coffee-001", "coffee-002", "coffee-003");
        await PutAsync("yoga-001", Category, "one");
        var one = await GetAsync($"categories/{Uri.EscapeDataString("one")}");
        Assert.Equal("one", one.GetProperty("category").GetString());
        Assert.Equal(Users(await GetAsync("items/yoga-001")), Users(one));

        await PutAsync("new", Category); // which the package never saw
        await Eventually.IsTrueAsync(async () => (await _service.GetAsync("/v1/items/new/users")).Status == 200);
        var category = await GetAsync($"categories/{Uri.EscapeDataString(Category)}");
        Assert.Equal(Category, category.GetProperty("category").GetString());
        Assert.Equal(Users(one), Users(category));
        Assert.Equal(Users(one), Users(await GetAsync("items/new")));

        await PutAsync("coffee-001", Category);
        await Eventually.IsTrueAsync(async () => !Users(await GetAsync("items/new")).SequenceEqual(Users(one)));
        Assert.Equal(Users(await GetAsync("items/new")), Users(await GetAsync($"categories/{Uri.EscapeDataString(Category)}")));
    }

    [Theory]
    [InlineData("items/no-such-item/users", "unknown_item")]
    [InlineData("categories/nothing/users", "unknown_category")]
    public async Task WhatNothingIsKnownOfIs404(string path, string code) =>
        Assert.Equal(code, (await _service.GetAsync($"/v1/{path}")).Problem(404).GetProperty("code").GetString());

    [Theory]
    [InlineData("items/yoga-001/users?count=0", "out_of_range", "count")]
    [InlineData("categories/yoga/users?count=1001", "out_of_range", "count")]
    [InlineData("items/yoga-001/users?prefix=a", "unknown_parameter", "prefix")]
    [InlineData("categories/%FF/users", "invalid_text", "category")]
    public async Task BadRequestIs400ThatNamesTheField(string path, string code, string field)
    {
        var problem = (await _service.GetAsync($"/v1/{path}")).Problem(400);
        Assert.Equal((code, field), (problem.GetProperty("code").GetString(), problem.GetProperty("field").GetString()));
    }

    [Fact]
    public async Task ErasedUserIsFoundNoMore()
    {
        await RefreshAsync("yogi", "yoga-001", "yoga-002");
        Assert.StartsWith("yogi ", Assert.Single(Users(await GetAsync("items/yoga-001"))), StringComparison.Ordinal);
        await _service.SendAsync(HttpMethod.Delete, "/v1/users/yogi", []);
        await Eventually.IsTrueAsync(async () => Users(await GetAsync("items/yoga-001")).Count == 0);
    }

    [Fact]
    public async Task PackageWithoutItemVectorsIs409()
    {
        using var service = new TestService(("Model:Package", Repository.StarterPackage));
        Assert.Equal("no_item_vectors", (await service.GetAsync("/v1/items/yoga-001/users")).Problem(409).GetProperty("code").GetString());
    }

    public void Dispose() => _service.Dispose();

    private async Task RefreshAsync(string user, params string[] items)
    {
        await _service.AcceptAsync([.. items.Select((item, i) => TestEvents.Event(i, user, item))]);
        Assert.Equal(200, (await _service.FreshAsync(user)).Status);
    }

    private async Task PutAsync(string item, params string[] categories)
    {
        var put = await _service.PutAsync($"/v1/items/{item}", $$"""{"categories":{{JsonSerializer.Serialize(categories)}}}""");
        Assert.Equal(200, put.Status);
    }

    private async Task<JsonElement> GetAsync(string of)
    {
        var reply = await _service.GetAsync($"/v1/{of}/users");
        Assert.Equal((of, 200), (of, reply.Status));
        return reply.Json;
    }

    private static List<string> Users(JsonElement audience) =>
        [.. audience.GetProperty("users").EnumerateArray()
            .Select(u => $"{u.GetProperty("userId")} {u.GetProperty("similarity").GetDouble():F5}")];
}
