using Microsoft.Playwright;
using ProfileService.Windows;
using static Microsoft.Playwright.Assertions;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.ConsolePages;

/// <summary>What the sentence on top says of a user and what it leaves unsaid, and what the cards below say of the same.</summary>
[Needs(Need.Browser)]
public sealed class ConsoleSummaryTests(TestService service, Browser browser) : IClassFixture<TestService>
{
    private const double Day = 86_400; // seconds

    [Fact]
    public async Task SentenceSaysOfWhichDaysItSpeaks()
    {
        await ShowsAsync("one-day", "On 1 November 2026 mostly yoga; in the last session browsing;", Event(1, "one-day", category: "yoga"), Event(2, "one-day", category: "yoga"));
        await ShowsAsync("one-month", "Between 1 and 9 November 2026 mostly yoga; ", Event(1, "one-month", category: "yoga"), Event(8 * Day, "one-month", category: "yoga"));
        await ShowsAsync("two-months", "Between 28 October and 1 November 2026 mostly yoga; ", Event(-4 * Day, "two-months", category: "yoga"), Event(1, "two-months", category: "yoga"));
    }

    [Fact]
    public async Task SentenceOfAWindowOverTwoYearsNamesBoth()
    {
        using var old = new TestService(("Windows:MaxAge", "1000.00:00:00"));
        await old.AcceptAsync(Event(-309 * Day, category: "yoga"), Event(1, category: "yoga"));
        await old.FreshAsync("u1");
        await using var view = await browser.OpenAsync(old.Client.BaseAddress!, BrowserView.UserAddress("u1"));
        await Expect(view.Find(".summary")).ToContainTextAsync("Between 27 December 2025 and 1 November 2026 mostly yoga; ");
    }

    [Fact]
    public async Task SentenceOfAUserWhoWasHereTodayCountsBackFromNow()
    {
        var now = (TimeProvider.System.GetUtcNow() - Start).TotalSeconds;
        await ShowsAsync("days", "In the last 12 days mostly yoga; ", Event(now - (11.5 * Day), "days", category: "yoga"), Event(now - 60, "days", category: "yoga"));
        await ShowsAsync("hours", "In the last 20 hours mostly yoga; ", Event(now - (19.5 * 3600), "hours", category: "yoga"), Event(now - 60, "hours", category: "yoga"));
    }

    [Fact]
    public async Task SentenceSaysNothingOfHoursAndWeekdaysBelowTenEvents()
    {
        WindowEvent[] Sundays(string user, int count) => [.. Enumerable.Range(0, count).Select(i => Event(i, user, $"i{i}", category: "yoga"))];
        await ShowsAsync("nine", "On 1 November 2026 mostly yoga; in the last session", Sundays("nine", 9));
        await ShowsAsync("ten", "On 1 November 2026 mostly yoga, often in the morning and at weekends; in the last session", Sundays("ten", 10));
    }

    [Fact]
    public async Task RatingOfWhatWasBoughtIsNotCalledComparing()
    {
        await ShowsAsync("owner", "in the last session giving feedback on what they bought;", Event(1, "owner", "i1", "purchase", category: "yoga"), Event(Day, "owner", "i1", "rating", category: "yoga", value: 5));
        await ShowsAsync("comparer", "in the last session comparing;", Event(1, "comparer", "i1", "purchase", category: "yoga"), Event(Day, "comparer", "i2", "rating", category: "yoga", value: 5));
        await using var view = await OpenUserAsync("owner");
        await Expect(view.Card("Intent").Locator(".stack-legend li").Last).ToHaveTextAsync("Feedback on what was bought100%");
    }

    [Fact]
    public async Task WhatIsTurnedDownStandsApartFromWhatIsLiked()
    {
        await ShowsAsync(
            "critic", "mostly drama and war, turning down horror;",
            Event(1, "critic", "i1", "rating", value: 5) with { Categories = ["drama", "war"] }, Event(2, "critic", "i2", category: "drama"),
            Event(3, "critic", "i3", "rating", value: 1) with { Categories = ["horror", "drama"] }, Event(4, "critic", "i4", "dislike", category: "horror"));
        await using var view = await OpenUserAsync("critic");
        var card = view.Card("Interests");
        await Expect(card.GetByRole(AriaRole.Heading, new() { Level = 3 })).ToHaveTextAsync(["Cares for", "Turns down"]);
        await Expect(card.Locator(".bars:not(.is-against) .bars-name")).ToHaveTextAsync(["drama", "war"]);
        await Expect(card.Locator(".is-against .bars-name")).ToHaveTextAsync(["horror"]);
        await Expect(card.Locator(".is-against .bars-value")).ToHaveTextAsync(["36%against"]); // 4 of 5 for and 6 against
        await Expect(card.Locator(".bars:not(.is-against) .bars-more").First).ToContainTextAsync("18% against");
        await view.Page.ScreenshotAsync(new() { Path = Repository.Path("artifacts/console/turned-down-light-1280.png") });
    }

    [Fact]
    public async Task UserWhoOnlyTurnsDownHasACardThatSaysSo()
    {
        await ShowsAsync("refuser", "On 1 November 2026 turning down horror; in the last session comparing;", Event(1, "refuser", kind: "dislike", category: "horror"));
        await using var view = await OpenUserAsync("refuser");
        await Expect(view.Card("Interests").GetByRole(AriaRole.Heading, new() { Level = 3 })).ToHaveTextAsync(["Turns down"]);
        Assert.Empty(view.Errors);
    }

    [Fact]
    public async Task OneViewAmongDislikesDoesNotMakeACategoryLiked()
    {
        await ShowsAsync(
            "fickle", "On 1 November 2026 turning down horror; ",
            [Event(1, "fickle", "i0", category: "horror"), .. Enumerable.Range(1, 5).Select(i => Event(1 + i, "fickle", $"i{i}", "dislike", category: "horror"))]);
        await using var view = await OpenUserAsync("fickle");
        var card = view.Card("Interests");
        await Expect(card.GetByRole(AriaRole.Heading, new() { Level = 3 })).ToHaveTextAsync(["Turns down"]);
        await Expect(card.Locator(".is-against .bars-value")).ToHaveTextAsync(["91%against"]); // 10 of 11
        await Expect(card.Locator(".is-against .bars-more")).ToContainTextAsync("9% for");

        await view.GoToAsync("#/users?prefix=fickle");
        await Expect(view.Find("tbody td").First).ToHaveTextAsync("–"); // of what the user cares for
        await view.GoToAsync("#/compare?a=fickle&b=fickle");
        await Expect(view.Card("Profile").Locator("tbody tr").Filter(new() { HasText = "Turns down" })).ToHaveTextAsync("Turns downhorrorhorror");
    }

    private async Task ShowsAsync(string user, string sentence, params WindowEvent[] events)
    {
        await service.AcceptAsync(events);
        await service.FreshAsync(user);
        await using var view = await OpenUserAsync(user);
        await Expect(view.Find(".summary")).ToContainTextAsync(sentence);
    }

    private Task<BrowserView> OpenUserAsync(string userId) => browser.OpenAsync(service.Client.BaseAddress!, BrowserView.UserAddress(userId));
}
