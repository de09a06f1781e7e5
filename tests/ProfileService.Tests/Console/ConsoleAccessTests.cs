using System.Text.Json;
using Microsoft.Playwright;
using ProfileService.Windows;
using static Microsoft.Playwright.Assertions;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.ConsolePages;

/// <summary>The console for everyone: names, landmarks, contrast, order, and room on small screens.</summary>
/// <remarks>Pictures of each page go to artifacts/console.</remarks>
[Needs(Need.Browser)]
public sealed class ConsoleAccessTests(TestService service, Browser browser, KeptViews kept)
    : IClassFixture<TestService>, IClassFixture<KeptViews>
{
    /// <summary>A function of JavaScript: what is the same of a link or field that is shown anew.</summary>
    private const string Name = "e => e.id || e.getAttribute('href') || e.getAttribute('aria-label') || e.textContent.slice(0, 80)";

    private const double MinContrast = 4.5; // WCAG 2 AA, for text

    public static TheoryData<string> Pages =>
        ["", "#/users", "#/compare?a=access&b=other", "#/items", "#/service", "#/users/access", "#/users/nobody-yet"];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task EveryControlHasANameAndEveryPartItsPlace(string address)
    {
        var view = await KeptAsync(address);
        Assert.Empty(await view.Page.EvaluateAsync<string[]>(AccessScripts.WithoutName));
        Assert.Empty(await view.Page.EvaluateAsync<string[]>(AccessScripts.TwiceTheSameId));
        Assert.Empty(await view.Page.EvaluateAsync<string[]>(AccessScripts.BrokenReferences));
        Assert.Equal("en", await view.Find("html").GetAttributeAsync("lang"));
        foreach (var landmark in new[] { AriaRole.Banner, AriaRole.Main, AriaRole.Navigation, AriaRole.Search })
            await Expect(view.Page.GetByRole(landmark)).ToHaveCountAsync(1);
        var levels = await view.Page.EvaluateAsync<int[]>(
            "[...document.querySelectorAll('h1, h2, h3')].filter(h => h.checkVisibility()).map(h => +h.localName[1])");
        Assert.Equal(1, levels[0]);
        Assert.Equal(1, levels.Count(level => level == 1));
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.Second <= pair.First + 1));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task TextIsReadableInLightAndInDark(string address)
    {
        var view = await KeptAsync(address);
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await view.ShowAsAsync(scheme);
            var faint = (await view.Page.EvaluateAsync<JsonElement>(AccessScripts.Contrasts)).EnumerateArray()
                .Where(text => text.GetProperty("contrast").GetDouble() < MinContrast).Select(text => text.GetRawText());
            Assert.Empty(faint);
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task FocusGoesThroughThePageInOrderAndIsSeen(string address)
    {
        await using var view = await OpenAsync(address); // of its own, for the focus begins at the top of a new page only
        var stops = await view.Page.EvaluateAsync<string[]>(
            $"[...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex=\"0\"]')].filter(e => e.checkVisibility()).map({Name})");
        var last = -1;
        for (var stop = 0; stop < stops.Length; stop++)
        {
            await view.Page.Keyboard.PressAsync("Tab");
            // By name, for the page shows new figures meanwhile, in elements of their own.
            var name = await view.Page.EvaluateAsync<string>($"({Name})(document.activeElement)");
            var place = Array.IndexOf(stops, name, last + 1);
            Assert.True(place > last, $"stop {stop}, {name}, is not after {(last < 0 ? "the top" : stops[last])}");
            last = place;
            Assert.NotEqual("none", await view.Page.EvaluateAsync<string>("getComputedStyle(document.activeElement).outlineStyle"));
        }
    }

    [Fact]
    public async Task FocusStaysOnATableThatIsShownAnew()
    {
        await using var view = await OpenAsync("#/service");
        const string table = "document.querySelector('[role=region]')";
        await view.Page.EvaluateAsync($"() => {{ {table}.old = true; {table}.focus(); }}");
        await view.Page.WaitForFunctionAsync($"() => {table} && !{table}.old");
        Assert.True(await view.Page.EvaluateAsync<bool>($"document.activeElement === {table}"));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task PageFitsEveryWidthInLightAndInDark(string address)
    {
        foreach (var (width, height) in new[] { (1280, 800), (390, 844), (360, 740) })
        {
            await using var view = await OpenAsync(address, width, height); // for each width: a narrow page loads with less of some lists
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await view.ShowAsAsync(scheme, width, height);
                Assert.Equal(width, await view.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
                await view.Page.ScreenshotAsync(new() { Path = PictureOf(address, scheme, width) });
                Assert.Empty(view.Errors);
            }
        }
    }

    private static WindowEvent EventOf(int i)
    {
        var (kind, text) = i % 5 == 0 ? ("review", "fits well") : ("view", null);
        return Event(3_600 * i, "access", $"i{i % 7}", kind, category: "yoga", value: i, text: text);
    }

    private static string PictureOf(string address, ColorScheme scheme, int width) =>
        Repository.Path($"artifacts/console/{NameOf(address)}-{scheme}-{width}.png".ToLowerInvariant());

    private static string NameOf(string address) => address.Length == 0 ? "home" : address.Split('/')[^1].Split('?')[0];

    private async Task<BrowserView> KeptAsync(string address)
    {
        await PrepareAsync();
        return await kept.OpenAsync(service.Client.BaseAddress!, address);
    }

    private async Task<BrowserView> OpenAsync(string address, int width = 1280, int height = 800)
    {
        await PrepareAsync();
        return await browser.OpenAsync(service.Client.BaseAddress!, address, width: width, height: height);
    }

    private async Task PrepareAsync()
    {
        if ((await service.GetAsync("/v1/users/access/window")).Status == 404)
            await service.AcceptAsync([.. Enumerable.Range(0, 30).Select(EventOf), Event(1, "other", category: "baking")]);
        await service.FreshAsync("access");
        await service.FreshAsync("other");
        if ((await service.GetAsync("/v1/items/mat")).Status == 404)
            await service.PostAsync(
                "/v1/items",
                """[{"itemId":"mat","title":"Yoga mat","categories":["yoga"],"price":25,"labels":["sale"]},{"itemId":"bare"}]""");
    }
}
