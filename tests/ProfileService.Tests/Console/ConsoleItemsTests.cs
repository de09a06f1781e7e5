using Microsoft.Playwright;
using ProfileService.Platform;
using ProfileService.Tests.Auth;
using static Microsoft.Playwright.Assertions;

namespace ProfileService.Tests.ConsolePages;

/// <summary>The page of the catalogue.</summary>
[Needs(Need.Browser)]
public sealed class ConsoleItemsTests(TestService service, KeyedService keyed, Browser browser)
    : IClassFixture<TestService>, IClassFixture<KeyedService>
{
    [Fact]
    public async Task ItemsAreSearchedAndPaged()
    {
        await PutAsync([.. Enumerable.Range(0, 26).Select(i =>
            $$"""{"itemId":"lamp-{{i:00}}","title":"Desk lamp {{i}}","categories":["light"],"price":{{i}}.5,"labels":["new"]}""")]);
        await using var view = await OpenAsync("#/items");
        await view.Find("#items-query").FillAsync("DESK lamp");
        await view.Find("#items-query").PressAsync("Enter");

        await Expect(view.Find("tbody tr")).ToHaveCountAsync(25);
        await Expect(view.Find("tbody tr").First).ToContainTextAsync("Desk lamp 0 lamp-00light0.50new");
        await view.Page.GetByRole(AriaRole.Link, new() { Name = "Next page" }).ClickAsync();
        await Expect(view.Find("tbody th")).ToHaveTextAsync(["Desk lamp 25 lamp-25"]);
        await Expect(view.Find("#items-query")).ToHaveValueAsync("DESK lamp");
        await view.Find("#items-query").FillAsync("no such thing");
        await view.Find("#items-query").PressAsync("Enter");
        await Expect(view.Find("main .note")).ToHaveTextAsync("No title has “no such thing” in it, and no id begins with it.");
        Assert.Empty(view.Errors);
    }

    [Fact]
    public async Task ItemIsMadeUnavailableWithNothingElseChanged()
    {
        await PutAsync(
            """{"itemId":"switched","title":"Ä","categories":["b","a"],"price":7,"labels":["x"],"expiresAt":"2099-01-01T00:00:00Z"}""");
        var before = (await service.GetAsync("/v1/items/switched")).Json.GetRawText();
        await using var view = await OpenAsync("#/items?query=switched");
        var box = view.Page.GetByLabel("switched is available");
        await box.UncheckAsync();
        await view.SaysAsync("switched is not available any more.");
        Assert.False((await service.GetAsync("/v1/items/switched")).Json.GetProperty("available").GetBoolean());
        await box.CheckAsync();
        await view.SaysAsync("switched is available.");
        Assert.Equal(before, (await service.GetAsync("/v1/items/switched")).Json.GetRawText());
    }

    [Fact]
    public async Task ItemIsDeletedOnceTheQuestionOnThePageIsAnswered()
    {
        await PutAsync("""{"itemId":"gone/1"}""", """{"itemId":"gone/2"}""");
        await using var view = await OpenAsync("#/items?query=gone");
        var delete = view.Page.GetByRole(AriaRole.Button, new() { Name = "Delete gone/1" });
        await delete.ClickAsync();
        await Expect(view.Page.GetByRole(AriaRole.Button, new() { Name = "Keep" })).ToBeFocusedAsync();
        await view.Page.Keyboard.PressAsync("Escape");
        await Expect(delete).ToBeFocusedAsync();
        Assert.Equal(200, (await service.GetAsync("/v1/items/gone%2F1")).Status);

        await delete.PressAsync("Enter");
        await view.Page.GetByRole(AriaRole.Button, new() { Name = "Delete it" }).ClickAsync();
        await Expect(view.Find("tbody th")).ToHaveTextAsync(["gone/2"]);
        await view.SaysAsync("gone/1 is deleted.");
        await Expect(view.Page.GetByRole(AriaRole.Button, new() { Name = "Delete gone/2" })).ToBeFocusedAsync();
        Assert.Equal(404, (await service.GetAsync("/v1/items/gone%2F1")).Status);
        Assert.Empty(view.Errors); // a dialog of the browser would be one
    }

    [Fact]
    public async Task KeyThatMayNotWriteItemsSeesThemAndNoButtons()
    {
        var all = KeyedService.Bearer(await keyed.KeyAsync());
        var put = await keyed.Service.PostAsync("/v1/items", """{"itemId":"seen","available":false}""", "application/json", all);
        Assert.Equal(200, put.Status);
        await using var view = await browser.OpenAsync(keyed.Service.Client.BaseAddress!, "#/items");
        await view.Find("#sign-in-key").FillAsync(await keyed.KeyAsync(Scopes.ProfilesRead));
        await view.Find("#sign-in-key").PressAsync("Enter");
        await Expect(view.Find("tbody tr")).ToHaveTextAsync(["seen––no"]);
        await Expect(view.Find("tbody button, tbody input")).ToHaveCountAsync(0);
        await Expect(view.Find("main .note")).ToContainTextAsync("lacks items:write");
    }

    private async Task PutAsync(params string[] items) =>
        Assert.Equal(200, (await service.PostAsync("/v1/items", $"[{string.Join(',', items)}]")).Status);

    private Task<BrowserView> OpenAsync(string address) => browser.OpenAsync(service.Client.BaseAddress!, address);
}
