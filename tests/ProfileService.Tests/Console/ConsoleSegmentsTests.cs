using static Microsoft.Playwright.Assertions;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.ConsolePages;

/// <summary>What the console says of the parts of a vector, where the package names them.</summary>
[Needs(Need.Browser)]
public sealed class ConsoleSegmentsTests(Browser browser)
{
    [Fact]
    public async Task LeftOutEventsSayWhichPartTheyMoveMostAndTheVectorOfWhichPartsItIs()
    {
        using var service = new TestService(("Model:Package", Repository.PartsPackage));
        await service.AcceptAsync([.. Enumerable.Range(0, 12).Select(i => Event(7_200 * i, item: i % 3 == 0 ? "baking-001" : $"yoga-00{1 + (i % 5)}", category: i % 3 == 0 ? "baking" : "yoga"))]);
        await service.FreshAsync("u1");
        await using var view = await browser.OpenAsync(service.Client.BaseAddress!, BrowserView.UserAddress("u1"));
        await view.Page.GetByText("What leaving one out would change").ClickAsync();
        var segments = (await service.GetAsync("/v1/users/u1/explanation")).Json.GetProperty("withoutEvent")[0].GetProperty("segments").EnumerateObject();
        var most = segments.MaxBy(s => s.Value.GetDouble());
        var words = most.Name switch { "now" => "what comes next", "lasting" => "the lasting taste", "categories" => "the mix of categories", _ => "the habits" };
        await Expect(view.Find(".without .bars-more").First).ToContainTextAsync($"mostly {words}, {most.Value.GetDouble() * 100:F0}%");
        await Expect(view.Find(".without .bars").Last.Locator(".bars-name")).ToHaveTextAsync(["what comes next", "the lasting taste", "the mix of categories", "the habits"]);
        Assert.Empty(view.Errors);
    }
}
