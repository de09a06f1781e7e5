using Microsoft.Playwright;
using ProfileService.Platform;
using ProfileService.Tests.Auth;
using static Microsoft.Playwright.Assertions;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.ConsolePages;

/// <summary>The pages that list users and compare two of them.</summary>
[Needs(Need.Browser)]
public sealed class ConsoleUsersTests(TestService service, KeyedService keyed, Browser browser)
    : IClassFixture<TestService>, IClassFixture<KeyedService>
{
    [Fact]
    public async Task UsersArePagedInTheOrderOfTheirIds()
    {
        await UsersAsync([.. Enumerable.Range(0, 26).Select(i => $"paged-{i:00}")]);
        await using var view = await OpenAsync("#/users");
        await view.Find("#users-prefix").FillAsync("paged-");
        await view.Page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();

        await Expect(view.Find("tbody th")).ToHaveTextAsync([.. Enumerable.Range(0, 25).Select(i => $"paged-{i:00}")]);
        await view.Page.GetByRole(AriaRole.Link, new() { Name = "Next page" }).ClickAsync();
        await Expect(view.Find("tbody th")).ToHaveTextAsync(["paged-25"]);
        await Expect(view.Page.GetByRole(AriaRole.Link, new() { Name = "Next page" })).ToHaveCountAsync(0);
        await view.Page.GoBackAsync();
        await Expect(view.Find("tbody th")).ToHaveCountAsync(25);
        await view.Page.GoForwardAsync();
        await view.Page.GetByRole(AriaRole.Link, new() { Name = "First page" }).ClickAsync();
        await Expect(view.Find("tbody th").First).ToHaveTextAsync("paged-00");
        await view.Page.GetByRole(AriaRole.Link, new() { Name = "paged-07" }).ClickAsync();
        await Expect(view.Heading).ToHaveTextAsync("paged-07");
        Assert.Empty(view.Errors);
    }

    [Fact]
    public async Task TwoUsersOfTheListAreCompared()
    {
        await UsersAsync("pair-1", "pair-2");
        await using var view = await OpenAsync("#/users?prefix=pair-");
        var compare = view.Page.GetByRole(AriaRole.Button, new() { Name = "Compare the two chosen" });
        await view.Page.GetByLabel("Compare pair-1").CheckAsync();
        await compare.ClickAsync();
        await Expect(view.Page.GetByText("Choose two users; 1 chosen.")).ToBeVisibleAsync();
        await view.Page.GetByLabel("Compare pair-2").CheckAsync();
        await compare.ClickAsync();

        await Expect(view.Heading).ToHaveTextAsync("Compare two users");
        await Expect(view.Find("#compare-a")).ToHaveValueAsync("pair-1");
        await Expect(view.Find("#compare-b")).ToHaveValueAsync("pair-2");
        await Expect(view.Card("Similarity")).ToContainTextAsync("+1.00 cosine of the two vectors"); // they did the same
        await Expect(view.Card("Interests").Locator("thead th")).ToHaveTextAsync(["", "pair-1", "pair-2"]);
        await Expect(view.Card("Interests").Locator("tbody tr").First).ToHaveTextAsync("yoga100%100%");
        await Expect(view.Card("Profile").Locator("tbody tr").First).ToHaveTextAsync("Events11");
        Assert.Empty(view.Errors);
    }

    [Fact]
    public async Task UserWithoutAProfileIsNamedInPlaceOfTheComparison()
    {
        await UsersAsync("known");
        await using var view = await OpenAsync("#/compare");
        await view.Find("#compare-a").FillAsync("known");
        await view.Find("#compare-b").FillAsync("a&b=c");
        await view.Find("#compare-b").PressAsync("Enter");
        await Expect(view.Page.GetByText("“a&b=c” has no profile.")).ToBeVisibleAsync();
        await Expect(view.Find("#compare-b")).ToHaveValueAsync("a&b=c");
        await Expect(view.Card("Similarity")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task AliasIsComparedAsThePersonThatItStandsFor()
    {
        await UsersAsync("somebody", "visitor", "other");
        await service.PostAsync("/v1/users/somebody/merge", """{"from":"visitor"}""");
        await service.FreshAsync("somebody");
        await using var view = await OpenAsync("#/compare?a=visitor&b=other");
        await Expect(view.Card("Interests").Locator("thead th")).ToHaveTextAsync(["", "somebody", "other"]);
        await Expect(view.Card("Similarity")).ToContainTextAsync("cosine of the two vectors");
        Assert.Empty(view.Errors);
    }

    [Theory]
    [InlineData("#/users?page=nothing", "Users")]
    [InlineData("#/items?page=constructor", "Items")]
    [InlineData("#/compare?page=user&userId=x", "Compare two users")]
    [InlineData("#nothing", "Who is this user, now?")]
    public async Task AddressOpensItsPageWhateverElseStandsInIt(string address, string heading)
    {
        await using var view = await OpenAsync(address);
        await Expect(view.Heading).ToHaveTextAsync(heading);
        Assert.Empty(view.Errors);
    }

    [Fact]
    public async Task KeyThatMayNotListUsersIsToldSo()
    {
        await using var view = await browser.OpenAsync(keyed.Service.Client.BaseAddress!, "#/users");
        await view.Find("#sign-in-key").FillAsync(await keyed.KeyAsync(Scopes.ProfilesRead));
        await view.Find("#sign-in-key").PressAsync("Enter");
        await Expect(view.Find("main .note")).ToContainTextAsync("lacks users:list");
        Assert.DoesNotContain(view.Requests, url => url.Contains("/v1/users", StringComparison.Ordinal));
    }

    [Fact]
    public async Task KeyThatMayListUsersAloneSeesTheirIds()
    {
        var all = KeyedService.Bearer(await keyed.KeyAsync());
        await keyed.Service.PostAsync("/v1/events", Event(1, "listed").Json(), "application/json", all);
        await keyed.Service.GetAsync("/v1/users/listed/profile?fresh=true", all);
        await using var view = await browser.OpenAsync(keyed.Service.Client.BaseAddress!, "#/users?prefix=listed");
        await view.Find("#sign-in-key").FillAsync(await keyed.KeyAsync(Scopes.UsersList));
        await view.Find("#sign-in-key").PressAsync("Enter");
        await Expect(view.Find("tbody th")).ToHaveTextAsync(["listed"]);
        await Expect(view.Find("main .note")).ToContainTextAsync("lacks profiles:read");
    }

    private async Task UsersAsync(params string[] users)
    {
        await service.AcceptAsync([.. users.Select(user => Event(1, user, category: "yoga"))]);
        foreach (var user in users)
            await service.FreshAsync(user);
    }

    private Task<BrowserView> OpenAsync(string address) => browser.OpenAsync(service.Client.BaseAddress!, address);
}
