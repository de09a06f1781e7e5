using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Lookup;

/// <summary>What a user met and the window no longer has is left out where the service remembers it and is asked to.</summary>
public sealed class SeenEverTests : IAsyncLifetime
{
    private const int MaxEvents = 5;

    private readonly DemoShop _shop = new(
        ("Model:Package", Repository.PartsPackage), ("Windows:RememberSeen", "true"), ("Windows:MaxEvents", $"{MaxEvents}"));

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    [Fact]
    public async Task ItemsThatLeftTheWindowAreLeftOutToo()
    {
        string[] met = [.. _shop.Categories.Keys.Order(StringComparer.Ordinal).Where((_, i) => i % 9 == 0).Take(12)];
        foreach (var (i, item) in met.Index())
            await _shop.Service.AcceptAsync(Event(1_000 + i, "collector", item));
        Assert.Equal(200, (await _shop.Service.FreshAsync("collector")).Status);
        var all = await AskAsync("never");
        Assert.Equal(met.Order(), all.Intersect(met).Order());
        Assert.Equal(all.Except(met[^MaxEvents..]), await AskAsync("window"));
        Assert.Equal(all.Except(met), await AskAsync("ever"));
    }

    [Fact]
    public async Task SessionHasNothingThatIsRemembered()
    {
        var reply = await _shop.Service.PostAsync("/v1/profiles/compute", """{"events":[],"recommend":{"excludeSeen":"ever"}}""");
        var problem = reply.Problem(400);
        Assert.Equal("recommend.excludeSeen", problem.GetProperty("field").GetString());
        Assert.Equal("unknown_word", problem.GetProperty("code").GetString());
    }

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    private async Task<string[]> AskAsync(string word)
    {
        var reply = await _shop.Service.PostAsync("/v1/users/collector/recommendations", $$"""{"count":1000,"excludeSeen":"{{word}}"}""");
        Assert.Equal(200, reply.Status);
        return [.. reply.Json.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("itemId").GetString()!)];
    }
}
