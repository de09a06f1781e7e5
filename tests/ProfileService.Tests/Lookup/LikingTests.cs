using ProfileService.Tests.Model;
using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Lookup;

/// <summary>How much a user would like a recommended item.</summary>
public sealed class LikingTests : IDisposable
{
    private readonly TestService _service = new(("Model:Package", Repository.PartsPackage));

    [Fact]
    public async Task IsTheItemsOwnForAUserWhoJudgedNothing()
    {
        await _service.AcceptAsync(Event(1, item: "yoga-003"));
        var likings = await LikingsAsync("u1");
        Assert.All(likings.Values, liking => Assert.InRange(liking, -1, 1));
        Assert.True(likings.Values.Distinct().Count() > 50); // of items that users of the shop judged
    }

    [Fact]
    public async Task IsHigherForWhoLikesAllAndLowerForWhoDislikesAll()
    {
        await _service.AcceptAsync([.. Judged("plain", "view"), .. Judged("fan", "like"), .. Judged("grouch", "dislike")]);
        var (plain, fan, grouch) = (await LikingsAsync("plain"), await LikingsAsync("fan"), await LikingsAsync("grouch"));
        Assert.All(plain.Keys, item => Assert.True(fan[item] > plain[item] && plain[item] > grouch[item], item));
        Assert.Single(plain.Keys.Where(i => fan[i] < 1).Select(i => Math.Round(fan[i] - plain[i], 3)).Distinct()); // by the same for every item
    }

    [Fact]
    public async Task RatingsCountByTheirPlaceOnTheScale()
    {
        await _service.AcceptAsync([.. Judged("fan", "like"), .. Judged("rater", "rating", 5)]);
        Assert.Equal(await LikingsAsync("fan"), await LikingsAsync("rater"));
    }

    [Fact]
    public async Task IsLeftOutWhereThePackageHasNone()
    {
        using var package = new PackageCopy(Repository.PartsPackage);
        File.Delete(package.PathOf("likings.f32"));
        package.EditJson("manifest.json", m => m["files"]!.AsObject().Remove("likings.f32"));
        using var service = new TestService(("Model:Package", package.Path));
        await service.AcceptAsync(Event(1, item: "yoga-003"));
        var item = (await service.GetAsync("/v1/users/u1/recommendations?count=1")).Json.GetProperty("items")[0];
        Assert.Equal(["itemId", "score"], item.EnumerateObject().Select(p => p.Name));
    }

    public void Dispose() => _service.Dispose();

    private static IEnumerable<WindowEvent> Judged(string user, string kind, double? value = null) =>
        Enumerable.Range(1, 5).Select(n => Event(n, user, $"yoga-00{n}", kind, value: value));

    private async Task<Dictionary<string, double>> LikingsAsync(string user)
    {
        var reply = await _service.GetAsync($"/v1/users/{user}/recommendations?count=1000&excludeSeen=false");
        return reply.Json.GetProperty("items").EnumerateArray().ToDictionary(i => i.GetProperty("itemId").GetString()!, i => i.GetProperty("liking").GetDouble());
    }
}
