using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ProfileService.Platform;
using ProfileService.Tests.Auth;
using static Microsoft.Playwright.Assertions;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.ConsolePages;

/// <summary>The console of a service that asks for keys.</summary>
[Needs(Need.Browser)]
public sealed partial class ConsoleSignInTests(KeyedService keyed, Browser browser) : IClassFixture<KeyedService>
{
    [Fact]
    public async Task PageAsksForAKeyShowsTheUserAndForgetsTheKeyWithTheTab()
    {
        var key = await keyed.KeyAsync();
        await PostAsync(key, "signed-in");
        await using var view = await OpenAsync("signed-in");
        await Expect(view.Heading).ToHaveTextAsync("Sign in");
        await view.Page.ScreenshotAsync(new() { Path = Picture("sign-in") });

        await SignInAsync(view, "psk_wrong");
        await Expect(view.Find("#sign-in-error")).ToContainTextAsync("not valid");
        await SignInAsync(view, key);
        await Expect(view.Heading).ToHaveTextAsync("signed-in");
        await Expect(view.Find(".event-item")).ToHaveTextAsync(["i1"]);
        await Expect(view.Find("#signed-in")).ToContainTextAsync("test");
        Assert.Equal("", await view.Page.EvaluateAsync<string>("JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]).includes('psk_') ? 'kept' : ''"));
        Assert.DoesNotContain(view.Requests, url => url.Contains("psk_", StringComparison.Ordinal));

        await view.Page.ReloadAsync();
        await Expect(view.Heading).ToHaveTextAsync("Sign in");
        await SignInAsync(view, key);
        await view.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(view.Heading).ToHaveTextAsync("Sign in");
        Assert.Empty(view.Errors);
    }

    [Fact]
    public async Task PartsThatTheKeyDoesNotAllowSayWhichScopeItLacksAndAreNotAskedFor()
    {
        await PostAsync(await keyed.KeyAsync(), "in-part");
        await using var view = await OpenAsync("in-part");
        await SignInAsync(view, await keyed.KeyAsync(Scopes.ProfilesRead));
        await Expect(view.Card("Window")).ToContainTextAsync("lacks raw:read");
        await Expect(view.Card("Similar users")).ToContainTextAsync("lacks users:list");
        await Expect(view.Card("Send an event")).ToContainTextAsync("lacks events:write");
        await Expect(view.Card("Recommendations")).Not.ToContainTextAsync("lacks");
        await view.Page.ScreenshotAsync(new() { Path = Picture("in-part"), FullPage = true });
        Assert.DoesNotContain(view.Requests, url => url.Contains("/v1/", StringComparison.Ordinal) && Forbidden().IsMatch(url));
        Assert.Empty(view.Errors);
    }

    [Fact]
    public async Task KeyThatIsRevokedMeanwhileLeadsBackToTheSignIn()
    {
        var all = await keyed.KeyAsync();
        await PostAsync(all, "revoked");
        var key = await keyed.KeyAsync();
        await using var view = await OpenAsync("revoked");
        await SignInAsync(view, key);
        await Expect(view.Heading).ToHaveTextAsync("revoked");
        await keyed.RevokeAsync(key);
        await Expect(view.Heading).ToHaveTextAsync("Sign in");
    }

    [Fact]
    public async Task LateRefusalOfAFormerKeySignsNobodyOut()
    {
        var key = await keyed.KeyAsync();
        await PostAsync(key, "renewed");
        await using var view = await OpenAsync("renewed");
        await SignInAsync(view, key);
        await Expect(view.Find(".event-item")).ToHaveTextAsync(["i1"]);
        var held = new TaskCompletionSource<IRoute>();
        await view.Page.RouteAsync("**/v1/events", held.SetResult, new() { Times = 1 });
        await view.Send.ClickAsync();
        var late = await held.Task;
        await view.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await SignInAsync(view, await keyed.KeyAsync());
        await Expect(view.Heading).ToHaveTextAsync("renewed");

        await view.AnswerLateAsync(late, new() { Status = 401 });
        await Expect(view.Heading).ToHaveTextAsync("renewed");
        await Expect(view.Find("#sign-in-key")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task KeyOnWhichTheServiceSaysNothingIsNotTaken()
    {
        await using var view = await OpenAsync("nobody");
        await view.Page.RouteAsync("**/v1/access", _ => { });
        await view.LosePatienceAsync();
        await SignInAsync(view, "psk_any");
        await Expect(view.Find("#sign-in-error")).ToHaveTextAsync("The service does not answer.");
    }

    [Fact]
    public async Task PageOfTheUserGoesWithTheSignOutHoweverLongTheRestTakes()
    {
        var key = await keyed.KeyAsync();
        await PostAsync(key, "hidden");
        await using var view = await OpenAsync("hidden");
        await SignInAsync(view, key);
        await Expect(view.Heading).ToHaveTextAsync("hidden");
        await view.Page.RouteAsync("**/sign-in.json", _ => { });
        await view.Page.ReloadAsync();
        await Expect(view.Heading).ToHaveTextAsync("Sign in"); // though nobody says whether there is a provider
        await SignInAsync(view, key);
        await Expect(view.Heading).ToHaveTextAsync("hidden");
        await view.Page.EvaluateAsync("""
            new MutationObserver((_, observer) => {
                const heading = document.querySelector('main h1');
                globalThis.next ??= heading?.textContent ?? document.title;
            }).observe(document.getElementById('main'), { childList: true })
            """);
        await view.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(view.Heading).ToHaveTextAsync("Sign in");
        Assert.Equal("ProfileService", await view.Page.EvaluateAsync<string>("next"));
    }

    [GeneratedRegex("/(window|explanation|similar)")]
    private static partial Regex Forbidden();

    private static async Task SignInAsync(BrowserView view, string key)
    {
        await view.Find("#sign-in-key").FillAsync(key);
        await view.Find("#sign-in-key").PressAsync("Enter");
    }

    private Task<BrowserView> OpenAsync(string userId) => browser.OpenAsync(keyed.Service.Client.BaseAddress!, BrowserView.UserAddress(userId));

    private static string Picture(string name) => Path.Combine(Directory.CreateDirectory(Repository.Path("artifacts/console")).FullName, $"{name}.png");

    private async Task PostAsync(string key, string userId)
    {
        Assert.Equal(202, (await keyed.Service.PostAsync("/v1/events", Event(1, userId).Json(), "application/json", KeyedService.Bearer(key))).Status);
        Assert.Equal(200, (await keyed.Service.GetAsync($"/v1/users/{userId}/profile?fresh=true", KeyedService.Bearer(key))).Status);
    }
}
