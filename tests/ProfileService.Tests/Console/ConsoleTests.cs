using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.ConsolePages;

/// <summary>The console in a real browser, against a real service.</summary>
[Needs(Need.Browser)]
public sealed class ConsoleTests(TestService service, Browser browser) : IClassFixture<TestService>
{
    [Fact]
    public async Task UserPageShowsTheWindowNewestFirst()
    {
        await service.AcceptAsync(Event(1, "shown", "i1", category: "yoga"), Event(2, "shown", "i2", "purchase", category: "yoga", value: 12.5), Event(86_400, "shown", "i3"));
        await using var view = await OpenUserAsync("shown");

        await Expect(view.Heading).ToHaveTextAsync("shown");
        await Expect(view.Find(".event-item")).ToHaveTextAsync(["i3", "i2", "i1"]);
        await Expect(view.Find(".days h3")).ToHaveTextAsync(["Monday, 2 November 2026", "Sunday, 1 November 2026"]);
        await Expect(view.Find(".event").Nth(1)).ToContainTextAsync("purchase");
        await Expect(view.Find(".event").Nth(1)).ToContainTextAsync("12.50");
        await Expect(view.Find(".fresh")).ToContainTextAsync("Up to date");
        await Expect(view.Page).ToHaveTitleAsync("shown · ProfileService");
    }

    [Fact]
    public async Task UserIsFoundByKeyboardAlone()
    {
        await service.AcceptAsync(Event(1, "by-keyboard"));
        await service.FreshAsync("by-keyboard");
        await using var view = await OpenAsync();

        await view.Page.Keyboard.PressAsync("Tab");
        await Expect(view.Find(".skip")).ToBeFocusedAsync();
        await view.Page.Keyboard.PressAsync("Tab");
        await view.Page.Keyboard.PressAsync("Tab");
        await Expect(view.Find("#search-input")).ToBeFocusedAsync();
        await view.Page.Keyboard.TypeAsync("by-keyboard");
        await view.Page.Keyboard.PressAsync("Enter");

        await Expect(view.Heading).ToHaveTextAsync("by-keyboard");
        await Expect(view.Heading).ToBeFocusedAsync();
        await view.Page.GoBackAsync();
        await Expect(view.Heading).Not.ToHaveTextAsync("by-keyboard");
        await view.Page.GoForwardAsync();
        await Expect(view.Heading).ToHaveTextAsync("by-keyboard");
        await view.Page.ReloadAsync();
        await Expect(view.Heading).ToHaveTextAsync("by-keyboard");
    }

    [Fact]
    public async Task SkipLinkGoesToTheContentAndLeavesTheAddressAlone()
    {
        await service.AcceptAsync(Event(1, "skipped-to"));
        await using var view = await OpenUserAsync("skipped-to");
        await view.Find(".skip").PressAsync("Enter");
        await Expect(view.Find("main")).ToBeFocusedAsync();
        Assert.EndsWith("#/users/skipped-to", view.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SentEventMovesTheVectorAndIsInTheWindow()
    {
        await service.AcceptAsync(Event(1, "sender", "i1", category: "c1"), Event(2, "sender", "i2", category: "c1"));
        var before = (await service.FreshAsync("sender")).Json.GetProperty("revision").GetInt64();
        await using var view = await OpenUserAsync("sender");

        await view.Find("#send-kind").SelectOptionAsync("purchase");
        await view.Find("#send-itemId").FillAsync("i3");
        await view.Find("#send-categories").FillAsync("c2, c3");
        await view.Find("#send-value").FillAsync("19.9");
        await view.Send.ClickAsync();

        var after = before + 1;
        await Expect(view.Find(".revisions")).ToHaveTextAsync($"Revision {before} → {after}");
        await Expect(view.Find(".move-distance")).ToHaveTextAsync(new Regex(@"^0\.\d*[1-9]"));
        await Expect(view.Find(".move svg[role=img]")).ToHaveCountAsync(3);
        await Expect(view.Find(".event").First).ToContainTextAsync("i3c2, c3");
        await view.SaysAsync("The vector moved by");
        Assert.Equal(after, (await service.FreshAsync("sender")).Json.GetProperty("revision").GetInt64());
    }

    [Theory]
    [InlineData("itemId", "", "itemId must have 1 to 128 characters.")]
    [InlineData("value", "a lot", "value must be a number, not a string.")]
    [InlineData("categories", "1,2,3,4,5,6,7,8,9", "categories may hold at most 8 entries.")]
    [InlineData("timestamp", "soon", "timestamp must be a time such as 2026-11-22T10:00:00Z (RFC 3339 or ISO 8601), or a whole number, Unix time in milliseconds.")]
    [InlineData("timestamp", "2099-01-01T00:00:00Z", "timestamp may be at most 00:05:00 ahead of the service's clock (Events:MaxFuture).")]
    public async Task RefusedEventIsExplainedAtTheFieldThatItNames(string field, string written, string detail)
    {
        await service.PostAsync("/v1/events", Event(1, $"refused-{field}").Json());
        await using var view = await OpenUserAsync($"refused-{field}");

        await view.Page.GetByText("Text and time").ClickAsync();
        await view.Find($"#send-{field}").FillAsync(written);
        await view.Send.ClickAsync();

        await Expect(view.Find($"#send-{field}-error")).ToHaveTextAsync(detail);
        await Expect(view.Find($"#send-{field}")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(view.Find($"#send-{field}")).ToBeFocusedAsync();
        await Expect(view.Find(".event")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task EventThatReplacesAKnownOneIsSaidToBeKnownAndIsShown()
    {
        await service.AcceptAsync(Event(1, "again", "i1", "review", text: "a"));
        await using var view = await OpenUserAsync("again");
        await SendAgainAsync(view, "the greater text stands");
        await Expect(view.Card("Send an event").GetByRole(AriaRole.Alert)).ToContainTextAsync("Known already");
        await Expect(view.Find(".event")).ToContainTextAsync(["the greater text stands"]);
    }

    [Fact]
    public async Task EventOfATimeBeforeAnErasureIsSaidToBeOne()
    {
        await service.AcceptAsync(Event(1, "erased", "i1", "review", text: "a"));
        await service.FreshAsync("erased");
        Assert.Equal(202, (await service.SendAsync(HttpMethod.Delete, "/v1/users/erased", [])).Status);
        await Eventually.IsTrueAsync(async () => (await service.GetAsync("/v1/users/erased/profile")).Status == 404);
        await using var view = await OpenAsync(BrowserView.UserAddress("erased"));
        await SendAgainAsync(view, "b");
        await Expect(view.Card("Send an event").GetByRole(AriaRole.Alert)).ToHaveTextAsync("Not taken in: it is of a time before the user was erased.");
    }

    [Fact]
    public async Task ValueIsOfferedWhereItIsAPriceAlone()
    {
        await service.AcceptAsync(
            Event(1, "rater", "i1", "cart", value: 49.9), Event(2, "rater", "i1", "rating", value: 4), Event(3, "rater", "i2", "rating", value: 5));
        await using var view = await OpenUserAsync("rater");
        var value = view.Find("#send-value");
        foreach (var (item, kind, offered) in ((string, string, string)[])[("i1", "view", "49.9"), ("i1", "rating", ""), ("i1", "click", "49.9"), ("i2", "click", "")])
        {
            await view.Find("#send-itemId").FillAsync(item);
            await view.Find("#send-kind").SelectOptionAsync(kind);
            await Expect(value).ToHaveValueAsync(offered);
        }

        await value.FillAsync("3");
        await view.Find("#send-kind").SelectOptionAsync("review");
        await Expect(value).ToHaveValueAsync("3"); // which somebody wrote
    }

    [Fact]
    public async Task CardOfAUserOfWhomTheModelKnowsNothingSaysSo()
    {
        using var starter = new TestService(("Model:Package", Repository.StarterPackage));
        await starter.PutAsync("/v1/users/unread/attributes", """{"no_such_attribute":"x"}""");
        await starter.AcceptAsync(Event(1, "alone"));
        await starter.FreshAsync("unread");
        await starter.FreshAsync("alone");
        await using var view = await browser.OpenAsync(starter.Client.BaseAddress!, BrowserView.UserAddress("unread"));
        await Expect(view.Card("Similar users").Locator(".note")).ToHaveTextAsync("The model knows nothing of this user yet.");
        await view.GoToAsync(BrowserView.UserAddress("alone"));
        await Expect(view.Card("Similar users").Locator(".note")).ToHaveTextAsync("There is no other user who may be shown.");
    }

    [Fact]
    public async Task UnknownUserIsSaidToBeOneAndBeginsWithAnEvent()
    {
        await using var view = await OpenUserAsync("newcomer");
        await Expect(view.Card("No profile yet")).ToContainTextAsync("Nothing is known of this user.");

        await view.Find("#send-itemId").FillAsync("i1");
        await view.Send.ClickAsync();

        await Expect(view.Find(".event-item")).ToHaveTextAsync(["i1"]);
        await Expect(view.Find(".fresh")).ToContainTextAsync("1 event");
    }

    [Fact]
    public async Task EventOfAnotherClientComesIntoThePageByItself()
    {
        await service.AcceptAsync(Event(1, "watched", "i1"));
        await using var view = await OpenUserAsync("watched");
        await view.Find("#send-text").EvaluateAsync("text => text.closest('details').open = true");
        await view.Find("#send-text").FillAsync("half written");

        await service.AcceptAsync(Event(2, "watched", "i2"));

        await Expect(view.Find(".event-item")).ToHaveTextAsync(["i2", "i1"]);
        await view.SaysAsync("The profile has changed.");
        await Expect(view.Find("#send-text")).ToHaveValueAsync("half written");
        await Expect(view.Find("#send-text")).ToBeFocusedAsync();
    }

    [Theory]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("a/b c?d#e%2Ff&g=h\"'")]
    [InlineData("🦊👩‍👩‍👧 ÄÖ名前")]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    public async Task StrangeIdsAreTextAndNothingElse(string id)
    {
        await service.AcceptAsync(Event(1, id, id, category: id, text: id));
        await service.FreshAsync(id);
        await using var view = await OpenAsync(width: 360);

        await view.Find("#search-input").FillAsync(id);
        await view.Find("#search-input").PressAsync("Enter");

        await Expect(view.Heading).ToHaveTextAsync(id);
        await Expect(view.Find(".event-item")).ToHaveTextAsync([id]);
        await Expect(view.Find("main img, main script")).ToHaveCountAsync(0);
        Assert.True(await view.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        await view.Page.ReloadAsync();
        await Expect(view.Heading).ToHaveTextAsync(id);
        Assert.Empty(view.Errors);
    }

    [Fact]
    public async Task LargeWindowIsShownInTwoSteps()
    {
        await service.AcceptAsync([.. Enumerable.Range(0, 100).Select(i => Event(i, "large", $"i{i}"))]);
        await using var view = await OpenUserAsync("large");
        await Expect(view.Find(".event")).ToHaveCountAsync(20);
        await view.Page.GetByRole(AriaRole.Button, new() { Name = "Show the 80 earlier events" }).ClickAsync();
        await Expect(view.Find(".event")).ToHaveCountAsync(100);
    }

    [Fact]
    public async Task ServicePageTellsWhatRunsOnWhat()
    {
        await using var view = await OpenAsync("#/service");
        await Expect(view.Card("Model")).ToContainTextAsync("tiny/1");
        await Expect(view.Card("Model")).ToContainTextAsync("CPU");
        await Expect(view.Card("Users due").Locator(".tile-value")).ToHaveTextAsync(new Regex(@"^\d+$"));
        await Expect(view.Card("Users due").GetByRole(AriaRole.Img)).ToBeVisibleAsync();
        await Expect(view.Card("Health")).ToContainTextAsync("Healthy");
        await service.AcceptAsync(Event(1, "recommended", "yoga-003"));
        await service.GetAsync("/v1/users/recommended/recommendations?count=3");
        await Expect(view.Card("Recommendations")).ToContainTextAsync("tiny/1");
        await Expect(view.Card("Recommendations")).ToContainTextAsync("0 (0.0%)0 (0.0%)"); // clicked and bought
        await Expect(view.Card("More").GetByRole(AriaRole.Link)).ToHaveCountAsync(3);
    }

    [Fact]
    public async Task HealthOnWhichTheServiceSaysNothingIsNotKnown()
    {
        await using var view = await OpenAsync("#/service");
        await Expect(view.Card("Health")).ToContainTextAsync("Healthy");
        await view.Page.RouteAsync("**/health/ready", _ => { });
        await view.LosePatienceAsync();
        await Expect(view.Card("Health")).ToHaveTextAsync("HealthThe service does not answer.");
    }

    [Fact]
    public async Task ServicePageTellsRateErrorsAndLatenciesOfRequests()
    {
        using var own = new TestService();
        await using var view = await browser.OpenAsync(own.Client.BaseAddress!, "#/service");
        var card = view.Card("HTTP requests");
        await Expect(card).ToContainTextAsync("of this process, in the last ");
        await Expect(card.GetByRole(AriaRole.Columnheader)).ToHaveTextAsync(["Requests", "A second", "4xx", "5xx", "p50, ms", "p99, ms"]);
        var number = new Regex(@"^[\d.,]+$");
        var events = card.GetByRole(AriaRole.Row).Filter(new() { HasText = "Events" }).GetByRole(AriaRole.Cell);
        await Eventually.IsTrueAsync(async () => // each request is counted for some minutes only
        {
            await own.PostAsync("/v1/events", "no JSON");
            return await events.CountAsync() > 0 && Regex.IsMatch(await events.Nth(1).TextContentAsync() ?? "", "^[1-9]");
        });
        await Expect(events).ToHaveTextAsync([number, number, new("^0$"), number, number]);
        await Expect(card.GetByRole(AriaRole.Rowheader)).ToHaveTextAsync(["Events", "Service", "All"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("#/service")]
    [InlineData("#/users/quiet")]
    public async Task NothingIsLoadedFromElsewhereAndNothingComplains(string address)
    {
        await service.PostAsync("/v1/events", Event(1, "quiet").Json());
        await service.FreshAsync("quiet");
        await using var view = await OpenAsync(address);
        Assert.NotEmpty(view.Requests);
        Assert.All(view.Requests, url => Assert.StartsWith(service.Client.BaseAddress!.ToString(), url, StringComparison.Ordinal));
        Assert.Empty(view.Errors);
    }

    [Fact]
    public async Task FirstLoadTakesAtMostTenRequests()
    {
        await service.AcceptAsync([.. Enumerable.Range(0, 9).Select(i => Event(1, $"first-load-{i}"))]);
        for (var i = 0; i < 9; i++)
            await service.FreshAsync($"first-load-{i}");
        await using var view = await OpenAsync();
        await Expect(view.Find(".example .bars, .example .muted")).ToHaveCountAsync(9);
        // The probes of the service come by the clock, and not with the page.
        Assert.InRange(view.Requests.Count(url => !url.EndsWith("/health/ready", StringComparison.Ordinal)), 1, 10);
    }

    /// <summary>Sends a review of i1 of the first second.</summary>
    private static async Task SendAgainAsync(BrowserView view, string text)
    {
        await view.Page.GetByText("Text and time").ClickAsync();
        await view.Find("#send-kind").SelectOptionAsync("review");
        await view.Find("#send-itemId").FillAsync("i1");
        await view.Find("#send-categories").FillAsync("");
        await view.Find("#send-value").FillAsync("");
        await view.Find("#send-text").FillAsync(text);
        await view.Find("#send-timestamp").FillAsync(Start.AddSeconds(1).ToString("O", CultureInfo.InvariantCulture));
        await view.Send.ClickAsync();
    }

    private Task<BrowserView> OpenAsync(string address = "", int width = 1280) => browser.OpenAsync(service.Client.BaseAddress!, address, width: width);

    private async Task<BrowserView> OpenUserAsync(string userId)
    {
        await service.FreshAsync(userId);
        return await OpenAsync(BrowserView.UserAddress(userId));
    }
}
