using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using ProfileService.Platform;
using ProfileService.Storage;
using ProfileService.Tests.Auth;
using KeyedService = ProfileService.Tests.Auth.KeyedService;
using static Microsoft.Playwright.Assertions;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.ConsolePages;

/// <summary>Signing in to the console by an OpenID Connect provider.</summary>
[Needs(Need.Browser)]
public sealed class ConsoleProviderTests(Browser browser) : IAsyncLifetime
{
    private const string Client = "console";
    private const string Storage = "JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])";
    private const string Nothing = """[{},{},""]""";

    private IdentityProvider _provider = null!;
    private TestService _service = null!;

    private ILocator Button(BrowserView view) =>
        view.Page.GetByRole(AriaRole.Button, new() { Name = $"Sign in with {new Uri(_provider.Authority).Authority}" });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _provider = await IdentityProvider.StartAsync(IdentityProvider.NewKey());
        _service = Start();
        var bearer = KeyedService.Bearer(await _provider.TokenAsync(string.Join(' ', Scopes.All)));
        Assert.Equal(202, (await _service.PostAsync("/v1/events", Event(1, "signed-in").Json(), "application/json", bearer)).Status);
        Assert.Equal(200, (await _service.GetAsync("/v1/users/signed-in/profile?fresh=true", bearer)).Status);
    }

    public async ValueTask DisposeAsync()
    {
        _service.Dispose();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task PersonComesBackToThePageThatWasAskedForAndNoTokenIsKeptOrShown()
    {
        await using var view = await OpenAsync(BrowserView.UserAddress("signed-in"));
        await Expect(view.Heading).ToHaveTextAsync("Sign in");
        await view.Page.ScreenshotAsync(new() { Path = Picture("sign-in-provider") });
        await Button(view).ClickAsync();
        await Expect(view.Heading).ToHaveTextAsync("signed-in");
        await Expect(view.Find(".event-item")).ToHaveTextAsync(["i1"]);
        await Expect(view.Find("#signed-in")).ToContainTextAsync("Ada");
        Assert.Equal(new Uri(view.Service, "/#/users/signed-in").ToString(), view.Page.Url);
        Assert.Equal(Nothing, await view.Page.EvaluateAsync<string>(Storage));
        // As tokens begin, and this provider's codes, which the browser brings once and the page takes out of the address.
        var shown = view.Requests.Single(url => url.Contains("eyJ", StringComparison.Ordinal));
        Assert.StartsWith($"{view.Service}?code=", shown, StringComparison.Ordinal);

        var asked = QueryOf(view.Requests.Single(url => url.Contains("/connect/authorize", StringComparison.Ordinal)));
        Assert.Equal(("code", Client, "S256"), (asked["response_type"], asked["client_id"], asked["code_challenge_method"]));
        Assert.Equal(view.Service.ToString(), asked["redirect_uri"]);
        Assert.Equal((43, 43, 43), (asked["code_challenge"].Length, asked["state"].Length, asked["nonce"].Length));
        // Who read the window, and not by which page.
        await Eventually.IsTrueAsync(async () => (await CallersAsync()).Contains("subject:person-7"));

        await view.Page.ReloadAsync();
        await Expect(view.Heading).ToHaveTextAsync("Sign in");
        Assert.Empty(view.Errors);
    }

    [Theory]
    [InlineData("state", "was not begun in this tab")]
    [InlineData("nonce", "answered to another sign-in")]
    [InlineData("code_challenge", "refused the sign-in (invalid_grant)")]
    public async Task AnswerToAnotherSignInIsNotTaken(string changed, string words)
    {
        await using var view = await OpenAsync();
        await view.Page.RouteAsync("**/connect/authorize?*", route =>
        {
            var address = new UriBuilder(route.Request.Url);
            var value = QueryOf(route.Request.Url)[changed];
            address.Query = address.Query.Replace(value, new string('A', value.Length), StringComparison.Ordinal);
            var headers = new Dictionary<string, string> { ["Location"] = address.Uri.ToString() };
            return route.FulfillAsync(new() { Status = 302, Headers = headers });
        }, new() { Times = 1 });
        await Button(view).ClickAsync();
        await Expect(view.Find("#provider-error")).ToContainTextAsync(words);
        Assert.Equal(("", Nothing), (new Uri(view.Page.Url).Query, await view.Page.EvaluateAsync<string>(Storage)));
        await Button(view).ClickAsync();
        await Expect(view.Find("#signed-in")).ToContainTextAsync("Ada");
        Assert.Empty(view.Errors);
    }

    [Fact]
    public async Task AnswerThatNobodyAskedForSignsNobodyIn()
    {
        await using var view = await OpenAsync("?code=stolen&state=any#/service");
        await Expect(view.Heading).ToHaveTextAsync("Sign in");
        await Expect(view.Find("#provider-error")).ToContainTextAsync("was not begun in this tab");
        Assert.Equal("", new Uri(view.Page.Url).Query);
        Assert.DoesNotContain(view.Requests, url => url.Contains("/connect/token", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RefusalOfTheProviderAndTokensForOthersAreToldInPlainWords()
    {
        _provider.Person.Refusal = "Ada may not use <b>this</b>.";
        await using var view = await OpenAsync();
        await Button(view).ClickAsync();
        await Expect(view.Find("#provider-error")).ToHaveTextAsync("The provider did not let you in: Ada may not use <b>this</b>.");
        (_provider.Person.Refusal, _provider.Person.Audience) = (null, "another");
        await Button(view).ClickAsync();
        await Expect(view.Find("#provider-error")).ToContainTextAsync("not valid");
        Assert.Equal(Nothing, await view.Page.EvaluateAsync<string>(Storage));
        Assert.Empty(view.Errors);
    }

    [Fact]
    public async Task ProviderThatIsAwayIsNamed()
    {
        await using var view = await OpenAsync();
        await _provider.DisposeAsync();
        await Button(view).ClickAsync();
        await Expect(view.Find("#provider-error")).ToContainTextAsync("does not answer this page");
    }

    [Fact]
    public async Task ProviderThatTheServiceCouldNotNameIsNamedAtTheNextSignIn()
    {
        await using var view = await OpenAsync();
        await view.Page.RouteAsync("**/sign-in.json", route => route.FulfillAsync(new() { Status = 503 }), new() { Times = 1 });
        await view.Page.RunAndWaitForResponseAsync(() => view.Page.ReloadAsync(), reply => reply.Url.EndsWith("/sign-in.json", StringComparison.Ordinal));
        await Expect(view.Heading).ToHaveTextAsync("Sign in");
        await view.HasReadAsync();
        await Expect(Button(view)).ToBeHiddenAsync();
        await view.Find("#sign-in-key").FillAsync(await _provider.TokenAsync(string.Join(' ', Scopes.All)));
        await view.Find("#sign-in-key").PressAsync("Enter");
        await view.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(Button(view)).ToBeVisibleAsync();
        Assert.Empty(view.Errors);
    }

    [Fact]
    public async Task PersonWhoComesBackToAServiceThatNamesNoProviderIsToldSo()
    {
        await using var view = await OpenAsync();
        await view.Page.RouteAsync("**/sign-in.json", route => route.FulfillAsync(new() { Status = 503 }), new() { Times = 1 });
        await Button(view).ClickAsync();
        await Expect(view.Find("#provider-error")).ToContainTextAsync("does not say by which provider");
    }

    [Fact]
    public async Task PolicyLetsThePageAskTheProviderAndNobodyElse()
    {
        const string Policy = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";
        var policy = (await _service.GetAsync("/")).Headers["Content-Security-Policy"];
        Assert.Equal($"{Policy}; connect-src 'self' {_provider.Authority.TrimEnd('/')}", policy);
        using var other = new TestService(Settings);
        Assert.Equal(Policy, (await other.GetAsync("/")).Headers["Content-Security-Policy"]);
        Assert.Equal("{}", (await other.GetAsync("/console/sign-in.json")).Json.GetRawText());
        await using var view = await browser.OpenAsync(other.Client.BaseAddress!);
        await Expect(view.Find("#sign-in-key")).ToBeVisibleAsync();
        Assert.Equal(0, await view.Page.GetByText("Sign in with").CountAsync());
    }

    private (string, string)[] Settings =>
        [("Auth:Mode", "Both"), ("Auth:Authority", _provider.Authority), ("Auth:Audience", IdentityProvider.Audience)];

    private TestService Start() => new([.. Settings, ("Auth:ConsoleClientId", Client)]);

    private Task<BrowserView> OpenAsync(string address = "") => browser.OpenAsync(_service.Client.BaseAddress!, address);

    private static Dictionary<string, string> QueryOf(string url) =>
        new Uri(url).Query[1..].Split('&').Select(p => p.Split('=')).ToDictionary(p => p[0], p => Uri.UnescapeDataString(p[1]));

    private async Task<List<string>> CallersAsync()
    {
        await using var db = await _service.Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContextAsync(Token);
        return await db.AuditLog.Where(r => r.Action == "getWindow").Select(r => r.Caller).ToListAsync(Token);
    }

    private static string Picture(string name) =>
        Path.Combine(Directory.CreateDirectory(Repository.Path("artifacts/console")).FullName, $"{name}.png");
}
