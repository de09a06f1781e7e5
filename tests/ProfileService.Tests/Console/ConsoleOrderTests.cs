using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.ConsolePages;

/// <summary>Answers that come in another order than they were asked for.</summary>
[Needs(Need.Browser)]
public sealed partial class ConsoleOrderTests(TestService service, Browser browser) : IClassFixture<TestService>
{
    [Fact]
    public async Task PartsOfAFormerProfileComeToNothing()
    {
        await service.AcceptAsync(Event(1, "parts", "i1"));
        await service.FreshAsync("parts");
        await using var view = await OpenAsync("parts");
        var (window, predictions, similar) = (Hold(), Hold(), Hold());
        await view.Page.RouteAsync("**/window", window.SetResult, new() { Times = 1 });
        await view.Page.RouteAsync("**/predictions", predictions.SetResult, new() { Times = 1 });
        await view.Page.RouteAsync("**/similar?count=8", similar.SetResult, new() { Times = 1 });
        await SendAsync(view, "i2");
        IRoute[] late = [await window.Task, await predictions.Task, await similar.Task];
        await service.AcceptAsync(Event(2, "parts", "i3")); // which the page finds by itself
        await Expect(view.Find(".event-item")).ToHaveTextAsync(["i2", "i3", "i1"]);

        string[] former = ["""{"events":[]}""", """{"kinds":[{"kind":"former","probability":1}]}""", """{"users":[{"userId":"former","similarity":1}]}"""];
        foreach (var (route, body) in late.Zip(former))
            await view.AnswerLateAsync(route, new() { ContentType = "application/json", Body = body });
        await Expect(view.Find(".event-item")).ToHaveTextAsync(["i2", "i3", "i1"]);
        await Expect(view.Card("What comes next")).Not.ToContainTextAsync("former");
        await Expect(view.Card("Similar users")).Not.ToContainTextAsync("former");
        Assert.Empty(view.Errors);
    }

    [Fact]
    public async Task FormerProfileComesToNothing()
    {
        await service.AcceptAsync(Event(1, "whole", "i1"));
        Assert.Equal(200, (await service.FreshAsync("whole")).Status);
        var former = await service.GetAsync("/v1/users/whole/profile?include=vector,dimensions");
        await using var view = await OpenAsync("whole");
        var held = Hold();
        await view.Page.RouteAsync(ReadOfAPoll(), route => held.TrySetResult(route)); // those after the first are never answered
        var late = await held.Task;
        await SendAsync(view, "i2");
        await Expect(view.Find(".fresh")).ToContainTextAsync("2 events");

        await view.AnswerLateAsync(late, new()
        {
            Headers = new Dictionary<string, string> { ["Content-Type"] = "application/json", ["ETag"] = former.Headers["ETag"] },
            BodyBytes = former.Body,
        });
        await Expect(view.Find(".fresh")).ToContainTextAsync("2 events");
        Assert.DoesNotContain("The profile has changed.", await view.Page.EvaluateAsync<string[]>("heard"));
        Assert.Empty(view.Errors);
    }

    [GeneratedRegex(@"/profile\?include=vector,dimensions$")]
    private static partial Regex ReadOfAPoll();

    private static TaskCompletionSource<IRoute> Hold() => new();

    private static async Task SendAsync(BrowserView view, string item)
    {
        await view.Find("#send-itemId").FillAsync(item);
        await view.Send.ClickAsync();
    }

    private Task<BrowserView> OpenAsync(string userId) => browser.OpenAsync(service.Client.BaseAddress!, BrowserView.UserAddress(userId));
}
