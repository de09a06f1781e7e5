using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using ProfileService.Aggregates;
using static Microsoft.Playwright.Assertions;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.ConsolePages;

/// <summary>The shop of examples/shop in a browser, as a process of its own, with a service behind it.</summary>
[Needs(Need.Browser)]
public sealed class ShopTests(Browser browser) : IAsyncLifetime
{
    private readonly TestService _service = new(("Model:Package", Repository.Path("models/demo/3")), ("Aggregates:Epsilon", "0"));
    private readonly TempDirectory _folder = new();
    private ChildProcess? _shop;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _shop = await StartAsync(_service.Client.BaseAddress!, patience: "00:01:00"); // a machine under load is slow, not wrong
        await Eventually.IsTrueAsync(() => Task.FromResult(_shop.Output.Contains("has 863 items", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task EachClickChangesTheNextPage()
    {
        await using var view = await OpenAsync();
        await Expect(view.Find("h2")).ToHaveTextAsync("From our catalogue"); // nobody met anything yet

        await view.Page.GotoAsync(Address("/items/yoga-011"));
        await Expect(view.Find("h2")).ToHaveTextAsync("More like this");
        await view.Page.GotoAsync(Address("/"));
        await Expect(view.Find("h2")).ToHaveTextAsync("For you");
        await Expect(view.Find("p:has-text('You like')")).ToContainTextAsync("yoga");
        var afterYoga = await ItemsAsync(view);

        foreach (var item in new[] { "coffee-001", "coffee-002", "coffee-003", "coffee-004" })
            await view.Page.GotoAsync(Address($"/items/{item}"));
        await view.Page.GotoAsync(Address("/"));
        await Expect(view.Find("p:has-text('You like')")).ToContainTextAsync("coffee");
        var afterCoffee = await ItemsAsync(view);
        Assert.True(Of(afterCoffee, "Coffee") > Of(afterYoga, "Coffee"), $"{string.Join(", ", afterYoga)}; {string.Join(", ", afterCoffee)}");
    }

    [Fact]
    public async Task ClickOnARecommendedItemIsCounted()
    {
        await using var view = await OpenAsync("items/yoga-011");
        await view.Page.GotoAsync(Address("/"));
        await Expect(view.Find("h2")).ToHaveTextAsync("For you");
        await view.Find("section a").First.ClickAsync();
        await Expect(view.Find("h2")).ToHaveTextAsync("More like this");
        var outcome = Assert.Single((await _service.StatusWithAsync("recommendations")).GetProperty("recommendations").EnumerateArray());
        Assert.Equal("demo/3", outcome.GetProperty("model").GetString());
        Assert.Equal((8, 1), (outcome.GetProperty("shown").GetInt32(), outcome.GetProperty("clicked").GetInt32()));
    }

    [Fact]
    public async Task WhatARecommendationLedToIsCountedUpToThePurchase()
    {
        await using var view = await OpenAsync("items/yoga-011");
        await view.Page.GotoAsync(Address("/"));
        await view.Find("section a").First.ClickAsync();
        await view.Page.GetByRole(AriaRole.Button, new() { Name = "Add to basket" }).ClickAsync();
        await Expect(view.Find("h2")).ToHaveTextAsync(["Your basket", "You may also like"]);
        await view.Find("section").Last.Locator("a").First.ClickAsync();
        await view.Page.GetByRole(AriaRole.Button, new() { Name = "Add to basket" }).ClickAsync();
        await Expect(view.Find("section").First.Locator("a")).ToHaveCountAsync(2);
        await view.Page.GetByRole(AriaRole.Button, new() { Name = "Buy" }).ClickAsync();
        await Expect(view.Find("h2")).ToHaveTextAsync("For you");
        var outcome = Assert.Single((await _service.StatusWithAsync("recommendations")).GetProperty("recommendations").EnumerateArray());
        Assert.Equal((2, 2), (outcome.GetProperty("clicked").GetInt32(), outcome.GetProperty("bought").GetInt32()));
    }

    [Fact]
    public async Task BasketIsFilledAndBought()
    {
        await using var view = await OpenAsync("items/coffee-001");
        await view.Page.GetByRole(AriaRole.Button, new() { Name = "Add to basket" }).ClickAsync();
        await Expect(view.Find("h2")).ToHaveTextAsync(["Your basket", "You may also like"]);
        await Expect(view.Find("section").First.Locator("a")).ToHaveTextAsync(["Coffee 001"]);
        await Expect(view.Find("section").Last.Locator("a")).ToHaveCountAsync(4);
        await Expect(view.Find("section").Last.GetByText("Coffee 001", new() { Exact = true })).ToHaveCountAsync(0);

        await view.Page.GetByRole(AriaRole.Button, new() { Name = "Buy" }).ClickAsync();
        await Expect(view.Find("h2")).ToHaveTextAsync("For you");
        var visitor = (await view.Page.Context.CookiesAsync()).Single(cookie => cookie.Name == "visitor").Value;
        var window = (await _service.GetAsync($"/v1/users/{visitor}/window")).Json.GetProperty("events").EnumerateArray();
        Assert.Equal(["cart", "purchase", "view"], window.Select(e => e.GetProperty("kind").GetString()).Order());
        await Expect(view.Page.GetByText("Coffee 001", new() { Exact = true })).ToHaveCountAsync(0); // what was bought is not shown again
    }

    [Fact]
    public async Task SearchPutsWhatFitsTheVisitorFirst()
    {
        await using var view = await OpenAsync("search?q=sports");
        var before = await ItemsAsync(view);
        foreach (var item in new[] { "yoga-011", "yoga-012", "yoga-013", "yoga-014" })
            await view.Page.GotoAsync(Address($"/items/{item}"));
        await view.Page.GotoAsync(Address("/")); // waits for the profile
        await view.Page.GotoAsync(Address("/search?q=sports"));
        var after = await ItemsAsync(view);
        Assert.Equal(before.Order(), after.Order());
        Assert.True(Of(after.Take(10), "Yoga") > Of(before.Take(10), "Yoga"), string.Join(", ", after.Take(10)));
    }

    [Fact]
    public async Task StrangerSeesWhatManyPeopleMet()
    {
        await _service.AcceptAsync([.. Enumerable.Range(0, 5).Select(i => Event(i, $"buyer-{i}", "makeup-030", category: "makeup"))]);
        Assert.Equal(ReleaseOutcome.Made, await _service.Services.GetRequiredService<ReleaseMaker>().MakeAsync(Token));
        await using var view = await OpenAsync();
        await Expect(view.Find("h2")).ToHaveTextAsync("Popular");
        await Expect(view.Find("main a")).ToHaveTextAsync(["Makeup 030"]);
    }

    [Fact]
    public async Task WithoutTheServiceTheShopGoesOn()
    {
        _service.Dispose();
        await using var view = await OpenAsync("items/yoga-011");
        await Expect(view.Heading).ToHaveTextAsync("Yoga 011");
        await view.Page.GotoAsync(Address("/"));
        await Expect(view.Find("h2")).ToHaveTextAsync("From our catalogue");
        await Expect(view.Find("main a")).ToHaveCountAsync(8);
    }

    [Fact]
    public async Task ServiceThatIsSilentKeepsNobodyWaiting()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var shop = await StartAsync(new Uri($"http://{silent.LocalEndpoint}"), patience: "00:00:00.2");
        await using var view = await browser.OpenAsync(shop.Address);
        await Expect(view.Find("h2")).ToHaveTextAsync("From our catalogue");
        await Eventually.IsTrueAsync(() => Task.FromResult(shop.Output.Contains("the call was cancelled", StringComparison.Ordinal)));
        // What the client says after its own, longer time.
        Assert.DoesNotContain("it took too long", shop.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FormOfAnotherSiteChangesNothing()
    {
        using var client = new HttpClient { BaseAddress = _shop!.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/basket/yoga-011", UriKind.Relative));
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        using var response = await client.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task WordsOfTheVisitorAreText()
    {
        await using var view = await OpenAsync("search?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E");
        await Expect(view.Find("h2")).ToHaveTextAsync("0 items for “<img src=x onerror=alert(1)>”");
        Assert.Empty(view.Errors);
    }

    public ValueTask DisposeAsync()
    {
        _shop?.Dispose();
        _service.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<ChildProcess> StartAsync(Uri service, string patience)
    {
        var shop = new ChildProcess(
            "dotnet",
            [
                Repository.Program("Shop", "Shop.dll"), "--urls=http://127.0.0.1:0", $"--ProfileService:Url={service}",
                $"--Shop:Catalogue={Repository.Path("demo/items.ndjson")}", $"--Shop:Patience={patience}",
            ],
            _folder.Path);
        Assert.True(await shop.StartsAsync(), shop.Output);
        return shop;
    }

    private Task<BrowserView> OpenAsync(string path = "") => browser.OpenAsync(_shop!.Address, path);

    private string Address(string path) => new Uri(_shop!.Address, path).ToString();

    private static async Task<IReadOnlyList<string>> ItemsAsync(BrowserView view) => await view.Find("main li a").AllTextContentsAsync();

    private static int Of(IEnumerable<string> items, string word) => items.Count(item => item.StartsWith(word, StringComparison.Ordinal));
}
