using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;
using static ProfileService.TestServers.TestEvents;

namespace ProfileService.Tests.ConsolePages;

/// <summary>The console for everyone: names, landmarks, contrast, order, and room on small screens. Pictures of each page go to artifacts/console.</summary>
[Needs(Need.Browser)]
public sealed class ConsoleAccessTests(TestService service, Browser browser) : IClassFixture<TestService>
{
    private const double LeastContrast = 4.5; // WCAG 2 AA, for text

    public static TheoryData<string> Pages => ["", "#/service", "#/users/access", "#/users/nobody-yet"];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task EveryControlHasANameAndEveryPartItsPlace(string address)
    {
        await using var view = await OpenAsync(address, ColorScheme.Light, 1280);
        Assert.Empty(await view.Page.EvaluateAsync<string[]>(AccessScripts.WithoutName));
        Assert.Empty(await view.Page.EvaluateAsync<string[]>(AccessScripts.TwiceTheSameId));
        Assert.Empty(await view.Page.EvaluateAsync<string[]>(AccessScripts.BrokenReferences));
        Assert.Equal("en", await view.Find("html").GetAttributeAsync("lang"));
        foreach (var landmark in new[] { AriaRole.Banner, AriaRole.Main, AriaRole.Navigation, AriaRole.Search })
            await Expect(view.Page.GetByRole(landmark)).ToHaveCountAsync(1);
        var levels = await view.Page.EvaluateAsync<int[]>("[...document.querySelectorAll('h1, h2, h3')].filter(h => h.checkVisibility()).map(h => +h.localName[1])");
        Assert.Equal(1, levels[0]);
        Assert.Equal(1, levels.Count(level => level == 1));
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.Second <= pair.First + 1));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task TextIsReadableInLightAndInDark(string address)
    {
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await using var view = await OpenAsync(address, scheme, 1280);
            var faint = (await view.Page.EvaluateAsync<JsonElement>(AccessScripts.Contrasts)).EnumerateArray()
                .Where(text => text.GetProperty("contrast").GetDouble() < LeastContrast).Select(text => text.GetRawText());
            Assert.Empty(faint);
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task FocusGoesThroughThePageInOrderAndIsSeen(string address)
    {
        await using var view = await OpenAsync(address, ColorScheme.Light, 1280);
        var stops = await view.Page.EvaluateAsync<int>("[...document.querySelectorAll('a[href], button, input, select, textarea, summary')].filter(e => e.checkVisibility()).length");
        var last = -1;
        for (var stop = 0; stop < stops; stop++)
        {
            await view.Page.Keyboard.PressAsync("Tab");
            var place = await view.Page.EvaluateAsync<int>("[...document.querySelectorAll('*')].indexOf(document.activeElement)");
            Assert.True(place > last, $"stop {stop} goes back");
            last = place;
            Assert.NotEqual("none", await view.Page.EvaluateAsync<string>("getComputedStyle(document.activeElement).outlineStyle"));
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task PageFitsEveryWidthInLightAndInDark(string address)
    {
        foreach (var (width, height) in new[] { (1280, 800), (390, 844), (360, 740) })
        {
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await using var view = await OpenAsync(address, scheme, width, height);
                Assert.Equal(width, await view.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
                await view.Page.ScreenshotAsync(new() { Path = PictureOf(address, scheme, width) });
                Assert.Empty(view.Errors);
            }
        }
    }

    private static string PictureOf(string address, ColorScheme scheme, int width) =>
        Repository.Path($"artifacts/console/{(address.Length == 0 ? "home" : address.Split('/')[^1])}-{scheme}-{width}.png".ToLowerInvariant());

    private async Task<BrowserView> OpenAsync(string address, ColorScheme scheme, int width, int height = 800)
    {
        if ((await service.GetAsync("/v1/users/access/window")).Status == 404)
            await service.AcceptAsync([.. Enumerable.Range(0, 30).Select(i => Event(3_600 * i, "access", $"i{i % 7}", i % 5 == 0 ? "review" : "view", category: "yoga", value: i, text: i % 5 == 0 ? "fits well" : null))]);
        await service.FreshAsync("access");
        return await browser.OpenAsync(service.Client.BaseAddress!, address, scheme, width, height);
    }
}
