using Microsoft.Playwright;
using ProfileService.Platform;
using ProfileService.Tests.Auth;
using static Microsoft.Playwright.Assertions;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.ConsolePages;

/// <summary>What is changed and chosen on the page of a user.</summary>
[Needs(Need.Browser)]
public sealed class ConsoleEditTests(TestService service, KeyedService keyed, Browser browser)
    : IClassFixture<TestService>, IClassFixture<KeyedService>
{
    private const string Summary = "What is known of the user besides the events";

    [Fact]
    public async Task AttributesAreChangedWithTheirKindsAndTheProfileFollows()
    {
        await service.AcceptAsync(Event(1, "edited"));
        await service.FreshAsync("edited");
        await using var view = await OpenAsync("edited");
        var card = view.Card("Edit attributes");
        await card.GetByText(Summary).ClickAsync();
        await AddAsync(card, "age", "number", "41,5");
        await AddAsync(card, "code", "text", "007");
        await AddAsync(card, "member", "yes or no", "Yes");
        await AddAsync(card, "wrong", "text", "x");
        await card.GetByRole(AriaRole.Button, new() { Name = "Remove the new attribute" }).Last.ClickAsync();
        await card.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

        await view.SaysAsync("The attributes are stored.");
        await Expect(view.Card("Attributes")).ToContainTextAsync("memberyes");
        Assert.Equal(
            """{"age":41.5,"code":"007","member":true}""",
            (await service.GetAsync("/v1/users/edited/attributes")).Json.GetProperty("attributes").GetRawText());
        await Expect(card.GetByLabel("Value of age")).ToHaveValueAsync("41.5");
        await Expect(card.GetByLabel("Kind of member")).ToHaveValueAsync("boolean");
        await card.GetByRole(AriaRole.Button, new() { Name = "Remove code" }).ClickAsync();
        await card.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(card.GetByLabel("Value of code")).ToHaveCountAsync(0);
        Assert.Empty(view.Errors);
    }

    [Fact]
    public async Task ValueOfAnotherKindIsNotSent()
    {
        await service.AcceptAsync(Event(1, "mistyped"));
        await service.FreshAsync("mistyped");
        await using var view = await OpenAsync("mistyped");
        var card = view.Card("Edit attributes");
        await card.GetByText(Summary).ClickAsync();
        await AddAsync(card, "age", "number", "old");
        await card.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(card.GetByRole(AriaRole.Alert)).ToHaveTextAsync("age: “old” is not a number.");
        Assert.Equal(404, (await service.GetAsync("/v1/users/mistyped/attributes")).Status);
    }

    [Fact]
    public async Task RecommendationsKeepToTheFilter()
    {
        const string Items = """
            [{"itemId":"yoga-001","categories":["mat"],"price":10},{"itemId":"yoga-002","categories":["mat"],"price":90}]
            """;
        Assert.Equal(200, (await service.PostAsync("/v1/items", Items)).Status);
        await service.AcceptAsync(Event(1, "filtered", "yoga-003"));
        await service.FreshAsync("filtered");
        await using var view = await OpenAsync("filtered");
        var card = view.Card("Recommendations");
        await card.Locator("summary").ClickAsync();
        await card.GetByLabel("Only categories").FillAsync("mat, rug");
        await Expect(card.Locator(".bars > li").Nth(2)).ToBeVisibleAsync();
        await card.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await Expect(card.Locator(".bars > li")).ToHaveCountAsync(2);
        await card.GetByLabel("Price up to").FillAsync("20");
        await card.GetByLabel("Price up to").PressAsync("Enter");
        await Expect(card.Locator(".bars > li")).ToHaveCountAsync(1);
        await Expect(card.Locator(".bars > li")).ToContainTextAsync("yoga-001");
        await Expect(card.Locator("summary")).ToHaveTextAsync("Filters: 2 fields in use");

        await card.GetByLabel("Price up to").FillAsync("cheap");
        await card.GetByLabel("Price up to").PressAsync("Enter");
        await Expect(card.GetByRole(AriaRole.Alert)).ToContainTextAsync("maxPrice");
        await card.GetByRole(AriaRole.Button, new() { Name = "Without filters" }).ClickAsync();
        await Expect(card.Locator(".bars > li").Nth(2)).ToBeVisibleAsync();
        await Expect(card.Locator("summary")).ToHaveTextAsync("Filters");
        Assert.Empty(view.Errors);
    }

    [Fact]
    public async Task KeyThatMayNotWriteAttributesIsToldSo()
    {
        var all = await keyed.KeyAsync();
        await keyed.Service.PostAsync("/v1/events", Event(1, "kept").Json(), "application/json", KeyedService.Bearer(all));
        await keyed.Service.GetAsync("/v1/users/kept/profile?fresh=true", KeyedService.Bearer(all));
        await using var view = await browser.OpenAsync(keyed.Service.Client.BaseAddress!, BrowserView.UserAddress("kept"));
        await view.Find("#sign-in-key").FillAsync(await keyed.KeyAsync(Scopes.ProfilesRead));
        await view.Find("#sign-in-key").PressAsync("Enter");
        await Expect(view.Card("Edit attributes")).ToContainTextAsync("lacks attributes:write");
    }

    private static async Task AddAsync(ILocator card, string name, string kind, string value)
    {
        await card.GetByRole(AriaRole.Button, new() { Name = "Add an attribute" }).ClickAsync();
        await card.GetByLabel("Name", new() { Exact = true }).Last.FillAsync(name);
        await card.GetByLabel("Kind of the new attribute").Last.SelectOptionAsync(kind);
        await card.GetByLabel("Value of the new attribute").Last.FillAsync(value);
    }

    private Task<BrowserView> OpenAsync(string userId) => browser.OpenAsync(service.Client.BaseAddress!, BrowserView.UserAddress(userId));
}
