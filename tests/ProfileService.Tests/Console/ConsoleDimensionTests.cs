using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.ConsolePages;

/// <summary>What the console makes of dimensions, explanation, recommendations, predictions and similar users; on users of the demo shop.</summary>
[Needs(Need.Browser)]
public sealed partial class ConsoleDimensionTests(ConsoleDimensionTests.DemoShop shop, Browser browser, KeptViews kept)
    : IClassFixture<ConsoleDimensionTests.DemoShop>, IClassFixture<KeptViews>
{
    private const string User = "u0001"; // has some of everything

    [Fact]
    public async Task InterestsStandInOrderWithTheirShares()
    {
        var interests = (await ProfileAsync()).GetProperty("dimensions").GetProperty("interests").EnumerateArray()
            .Where(i => i.GetProperty("share").GetDouble() > 0).Take(6).ToList();
        var view = await KeptUserAsync();
        var rows = view.Card("Interests").Locator(".bars:not(.is-against) > li");
        await Expect(rows).ToHaveCountAsync(interests.Count);
        for (var i = 0; i < interests.Count; i++)
        {
            await Expect(rows.Nth(i)).ToContainTextAsync(interests[i].GetProperty("category").GetString()!);
            await Expect(rows.Nth(i).Locator("strong")).ToHaveTextAsync(Percent(interests[i].GetProperty("share").GetDouble()));
        }
    }

    [Fact]
    public async Task SentenceOnTopNamesTheStrongestInterest()
    {
        var strongest = (await ProfileAsync()).GetProperty("dimensions").GetProperty("interests")[0].GetProperty("category").GetString()!;
        var view = await KeptUserAsync();
        await Expect(view.Find(".summary")).ToHaveTextAsync(new Regex(
            $"^(In the last|Between|On) .*mostly .*{strongest}.*in the last session .*last seen .*profile .* fresh, evidence 0\\.[0-9]+\\.$"));
    }

    [Theory]
    [InlineData("Activity")]
    [InlineData("Intent")]
    [InlineData("Price level")]
    public async Task EachDimensionHasItsCard(string title)
    {
        var view = await KeptUserAsync();
        await Expect(view.Card(title)).ToBeVisibleAsync();
    }

    [Fact]
    public async Task RhythmsAreDrawnAndSaid()
    {
        var view = await KeptUserAsync();
        var pictures = view.Card("Activity").GetByRole(AriaRole.Img);
        await Expect(pictures).ToHaveCountAsync(2);
        await Expect(pictures.First).ToHaveAttributeAsync("aria-label", new Regex(@"^By hour, UTC: .*\d\d:00 \d+%"));
        await Expect(pictures.First.Locator(".column")).ToHaveCountAsync(24);
        await Expect(pictures.Last.Locator(".column")).ToHaveCountAsync(7);
    }

    [Fact]
    public async Task AttributesOfTheUserAreShown()
    {
        using var body = new StringContent("""{"age":34,"region":"north"}""", System.Text.Encoding.UTF8, "application/json");
        (await shop.Service.Client.PutAsync(new Uri("/v1/users/with-attributes/attributes", UriKind.Relative), body, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        await shop.Service.FreshAsync("with-attributes");
        await using var view = await browser.OpenAsync(shop.Service.Client.BaseAddress!, BrowserView.UserAddress("with-attributes"));
        await Expect(view.Card("Attributes")).ToContainTextAsync("north");
    }

    [Fact]
    public async Task EachEventHasWhatItChangesAndItsAttentionAsNumbers()
    {
        var explanation = (await shop.Service.GetAsync($"/v1/users/{User}/explanation")).Json;
        var events = explanation.GetProperty("events").EnumerateArray().Reverse().ToList();
        var greatest = events.Max(Change);
        var view = await KeptUserAsync();
        var attention = Percent(events[0].GetProperty("attention").GetDouble(), "F1");
        await Expect(view.Find(".event-attention").First).ToHaveTextAsync($"attention {attention}");
        var shades = await view.Find(".event-shade").EvaluateAllAsync<double[]>("shades => shades.map(s => Number(s.style.opacity))");
        Assert.Equal(events.Take(shades.Length).Select(e => Math.Round(Change(e) / greatest, 3)), shades, (x, y) => Math.Abs(x - y) < 2e-3);
        await Expect(view.Find(".event-change > :last-child")).ToHaveTextAsync(events.Take(shades.Length).Select(e => Turn(Change(e))));
        await Expect(view.Find(".change-bars rect")).ToHaveCountAsync(events.Count);
    }

    [Fact]
    public async Task WhatLeavingOneOutWouldChangeIsListedByEventAndByAttribute()
    {
        var explanation = (await shop.Service.GetAsync($"/v1/users/{User}/explanation")).Json;
        await using var view = await OpenUserAsync();
        await view.Page.GetByText("What leaving one out would change").ClickAsync();
        await Expect(view.Find(".without .bars").First.Locator("li")).ToHaveCountAsync(5);
        await Expect(view.Find(".without .bars").Nth(1).Locator(".bars-name"))
            .ToHaveTextAsync(explanation.GetProperty("withoutAttribute").EnumerateArray().Select(a => a.GetProperty("name").GetString()!));
    }

    [Fact]
    public async Task RecommendationsAreListedWithAndWithoutWhatWasSeen()
    {
        var unseen = await RecommendedAsync(excludeSeen: true);
        var all = await RecommendedAsync(excludeSeen: false);
        var view = await KeptUserAsync();
        var card = view.Card("Recommendations");
        await Expect(card.Locator(".bars > li")).ToHaveCountAsync(unseen.Length);
        await Expect(card).ToContainTextAsync(unseen[0]);
        await card.Locator("summary").ClickAsync();
        await card.GetByLabel("Leave out").SelectOptionAsync("nothing");
        await card.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await Expect(card.Locator(".bars > li").First).ToContainTextAsync(all[0]);
    }

    [Fact]
    public async Task WhatComesNextHasKindsAndCategories()
    {
        var view = await KeptUserAsync();
        await Expect(view.Card("What comes next").GetByRole(AriaRole.Heading, new() { Name = "Kind of event" })).ToBeVisibleAsync();
        await Expect(view.Card("What comes next").GetByRole(AriaRole.Heading, new() { Name = "Category" })).ToBeVisibleAsync();
        await Expect(view.Card("What comes next").Locator(".bars-value").First).ToHaveTextAsync(PercentText());
    }

    [Fact]
    public async Task SimilarUserIsOneClickAway()
    {
        await using var view = await OpenUserAsync();
        var first = view.Card("Similar users").GetByRole(AriaRole.Link).First;
        var userId = await first.TextContentAsync();
        await first.ClickAsync();
        await Expect(view.Heading).ToHaveTextAsync(userId!);
        await Expect(view.Heading).ToBeFocusedAsync();
    }

    [Fact]
    public async Task SentEventChangesTheInterestsAndTheyAreNamed()
    {
        await shop.Service.AcceptAsync(Event(1, "with-one-interest", category: "yoga"));
        await shop.Service.FreshAsync("with-one-interest");
        await using var view = await OpenUserAsync("with-one-interest");
        await view.Find("#send-kind").SelectOptionAsync("purchase");
        await view.Find("#send-itemId").FillAsync("a-new-thing");
        await view.Find("#send-categories").FillAsync("a-new-category");
        await view.Send.ClickAsync();
        await Expect(view.Find(".move")).ToContainTextAsync(new Regex(@"a-new-category0\.0% → \d+\.\d%"));
        await Expect(view.Card("Interests")).ToContainTextAsync("a-new-category");
    }

    [Fact]
    public async Task SuggestionsAreWalkedByArrowKeys()
    {
        await using var view = await browser.OpenAsync(shop.Service.Client.BaseAddress!);
        var search = view.Find("#search-input");
        await search.FillAsync("u000");
        await Expect(view.Page.GetByRole(AriaRole.Option)).ToHaveTextAsync(["u0001", "u0002", "u0003", "u0004", "u0005", "u0006", "u0007", "u0008"]);
        await Expect(search).ToHaveAttributeAsync("aria-expanded", "true");
        await search.PressAsync("ArrowDown");
        await search.PressAsync("ArrowDown");
        await Expect(view.Page.GetByRole(AriaRole.Option).Nth(1)).ToHaveAttributeAsync("aria-selected", "true");
        await Expect(search).ToHaveAttributeAsync("aria-activedescendant", "search-option-1");
        await search.PressAsync("Enter");
        await Expect(view.Heading).ToHaveTextAsync("u0002");
    }

    [Fact]
    public async Task FirstPageOffersUsersWithTheirInterests()
    {
        await using var view = await browser.OpenAsync(shop.Service.Client.BaseAddress!);
        await Expect(view.Find(".example")).ToHaveCountAsync(9);
        await view.Find(".example").First.ClickAsync();
        await Expect(view.Heading).ToHaveTextAsync("u0001");
    }

    [Fact]
    public async Task ServicePageHasRatesAndMeanInference()
    {
        await using var view = await browser.OpenAsync(shop.Service.Client.BaseAddress!, "#/service");
        foreach (var title in new[] { "Users with a profile", "Events a second", "Refreshes a second", "Inference", "Running for" })
            await Expect(view.Card(title).Locator(".tile-value")).ToHaveTextAsync(new Regex(@"\d")); // rates need a second reading
        await Expect(view.Card("Model")).ToContainTextAsync("Item vectors");
    }

    [Fact]
    public async Task WholePageComplainsOfNothingInLightAndInDark()
    {
        foreach (var width in new[] { 1280, 390 })
        {
            await using var view = await OpenUserAsync(width: width);
            await Expect(view.Card("Similar users").Locator(".bars > li").First).ToBeVisibleAsync();
            await ComplainsOfNothingAsync(view, ColorScheme.Light, width);
            await ComplainsOfNothingAsync(view, ColorScheme.Dark, width);
        }
    }

    private static async Task ComplainsOfNothingAsync(BrowserView view, ColorScheme scheme, int width)
    {
        await view.ShowAsAsync(scheme, width);
        var picture = Repository.Path($"artifacts/console/demo-{scheme}-{width}.png".ToLowerInvariant());
        await view.Page.ScreenshotAsync(new() { Path = picture });
        Assert.Empty(view.Errors);
        Assert.Empty(await view.Page.EvaluateAsync<string[]>(AccessScripts.WithoutName));
        Assert.Empty((await view.Page.EvaluateAsync<JsonElement>(AccessScripts.Contrasts)).EnumerateArray()
            .Where(text => text.GetProperty("contrast").GetDouble() < 4.5).Select(text => text.GetRawText()));
        Assert.Equal(width, await view.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    private static double Change(JsonElement e) => e.GetProperty("change").GetDouble();

    private static string Turn(double change) => change is > 0 and < 0.0001 ? "<0.0001" : change.ToString("F4", CultureInfo.InvariantCulture);

    private static string Percent(double share, string format = "F0") => $"{(100 * share).ToString(format, CultureInfo.InvariantCulture)}%";

    private Task<BrowserView> OpenUserAsync(string userId = User, int width = 1280) =>
        browser.OpenAsync(shop.Service.Client.BaseAddress!, BrowserView.UserAddress(userId), width: width);

    private Task<BrowserView> KeptUserAsync() => kept.OpenAsync(shop.Service.Client.BaseAddress!, BrowserView.UserAddress(User));

    private async Task<JsonElement> ProfileAsync() => (await shop.Service.FreshAsync(User)).Json;

    private async Task<string[]> RecommendedAsync(bool excludeSeen) =>
        [.. (await shop.Service.GetAsync($"/v1/users/{User}/recommendations?count=8&excludeSeen={(excludeSeen ? "true" : "false")}")).Json
            .GetProperty("items").EnumerateArray().Select(item => item.GetProperty("itemId").GetString()!)];

    [GeneratedRegex(@"^\d+%$")]
    private static partial Regex PercentText();

    /// <summary>A service with the events of the demo's first users, on the package that goes with the shop.</summary>
    public sealed class DemoShop : IAsyncLifetime
    {
        private const int Users = 20;

        public TestService Service { get; } = new(("Model:Package", Repository.Path("models/demo/3")));

        public async ValueTask InitializeAsync()
        {
            Assert.Equal(200, (await Service.PostAsync("/v1/items", await File.ReadAllTextAsync(Repository.Path("demo/items.ndjson")), "application/x-ndjson")).Status);
            Assert.Equal(200, (await Service.PostAsync("/v1/attributes", JsonSerializer.Serialize(LinesOfFirstUsers("users").Select(line => JsonElement.Parse(line)).Select(AttributesOf)))).Status);
            Assert.Equal(202, (await Service.PostAsync("/v1/events", string.Join('\n', LinesOfFirstUsers("events")), "application/x-ndjson")).Status);
            await Service.Client.NobodyIsDueAsync();
        }

        private static object AttributesOf(JsonElement user) => new { userId = user.GetProperty("userId"), attributes = user.GetProperty("attributes") };

        private static IEnumerable<string> LinesOfFirstUsers(string file) => File.ReadLines(Repository.Path($"demo/{file}.ndjson"))
            .Where(line => int.Parse(JsonElement.Parse(line).GetProperty("userId").GetString()![1..], CultureInfo.InvariantCulture) <= Users);

        public ValueTask DisposeAsync()
        {
            Service.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
