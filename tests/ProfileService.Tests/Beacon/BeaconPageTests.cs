using ProfileService.Tests.ConsolePages;
using static ProfileService.Tests.Beacon.BeaconTests;

namespace ProfileService.Tests.Beacon;

/// <summary>What pages of other origins can send from a real browser.</summary>
[Needs(Need.Browser)]
public sealed class BeaconPageTests(Browser browser) : IAsyncLifetime
{
    private const string Fetch = """
        ([url, type, mode, body]) => fetch(url, { method: 'POST', mode, headers: { 'Content-Type': type }, body, keepalive: true })
            .then(reply => reply.status, () => -1)
        """;

    private ShopPage _shop = null!;
    private ShopPage _stranger = null!;
    private TestService _service = null!;

    private string BeaconUrl => $"{ServiceUrl}/v1/beacon";

    private string ServiceUrl => _service.Client.BaseAddress!.GetLeftPart(UriPartial.Authority);

    public async ValueTask InitializeAsync()
    {
        (_shop, _stranger) = (await ShopPage.StartAsync(), await ShopPage.StartAsync());
        _service = new TestService(("Cors:Origins:0", _shop.Origin));
    }

    [Fact]
    public async Task ScriptOfTheDocsSendsWhatThePageNoted()
    {
        await using var view = await OpenAsync(_shop, "ada");
        await view.Page.EvaluateAsync("note('view', 'sku-1'); note('cart', 'sku-2'); send()");
        await Eventually.IsTrueAsync(async () => await EventsAsync(_service, "ada") == 2);
        Assert.Empty(view.Errors);
    }

    [Fact]
    public async Task WhatWasNotedIsSentWhenThePageIsLeft()
    {
        await using var view = await OpenAsync(_shop, "ada");
        await view.Page.EvaluateAsync("note('view', 'sku-1')");
        await view.Page.GotoAsync("about:blank");
        await Eventually.IsTrueAsync(async () => await EventsAsync(_service, "ada") == 1);
    }

    [Fact]
    public async Task BrowserHasNothingToComplainOf()
    {
        await using var view = await OpenAsync(_shop, "ada");
        var said = new List<string>();
        view.Page.Console += (_, message) => said.Add(message.Text);
        await view.Page.RunAndWaitForRequestFinishedAsync(() => view.Page.EvaluateAsync("note('view', 'sku-1'); send()"));
        Assert.Empty(said);
    }

    [Theory]
    [InlineData("text/plain")] // needs no preflight
    [InlineData("application/json")]
    public async Task FetchReadsTheAnswer(string type)
    {
        await using var view = await OpenAsync(_shop, "ada");
        Assert.Equal(202, await FetchAsync(view, type, "cors", Body(_shop.Data.Token, Of(1))));
        Assert.Equal(401, await FetchAsync(view, type, "cors", Body("forged", Of(2))));
        Assert.Equal(1, await EventsAsync(_service, "ada"));
    }

    [Theory]
    [InlineData("no-referrer")]
    [InlineData("same-origin")]
    public async Task PageWhosePolicyHidesItsAddressIsNamedAllTheSame(string policy)
    {
        _shop.ReferrerPolicy = policy;
        await using var view = await OpenAsync(_shop, "ada");
        await view.Page.EvaluateAsync("note('view', 'sku-1'); send()");
        await Eventually.IsTrueAsync(async () => await EventsAsync(_service, "ada") == 1);
    }

    [Fact]
    public async Task PageOfAnOriginThatIsNotListedHasNoEffect()
    {
        await using var view = await OpenAsync(_stranger, "ada");
        foreach (var type in (string[])["text/plain", "application/json"])
            Assert.Equal(-1, await FetchAsync(view, type, "cors", Body(_stranger.Data.Token, Of(1))));
        await view.Page.EvaluateAsync("note('view', 'sku-1'); send()");
        await FetchAsync(view, "text/plain", "no-cors", Body(_stranger.Data.Token, Of(2))); // sent, but as little use
        Assert.Equal(0, await EventsAsync(_service, "ada"));
    }

    [Fact]
    public async Task ListedPageReadsNothingElse()
    {
        await using var view = await OpenAsync(_shop, "ada");
        foreach (var path in (string[])["v1/status", "v1/users/ada/window", "v1/users/ada/profile", "health/ready"])
        {
            const string Read = "url => fetch(url).then(reply => reply.text(), () => 'refused')";
            Assert.Equal("refused", await view.Page.EvaluateAsync<string>(Read, $"{ServiceUrl}/{path}"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _service.Dispose();
        await _shop.DisposeAsync();
        await _stranger.DisposeAsync();
    }

    private async Task<BrowserView> OpenAsync(ShopPage page, string user)
    {
        page.Data = (ServiceUrl, await TokenAsync(_service, user));
        return await browser.OpenAsync(page.Address);
    }

    private Task<int> FetchAsync(BrowserView view, string type, string mode, string body) =>
        view.Page.EvaluateAsync<int>(Fetch, new[] { BeaconUrl, type, mode, body });
}
