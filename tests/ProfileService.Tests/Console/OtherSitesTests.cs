using static Microsoft.Playwright.Assertions;

namespace ProfileService.Tests.ConsolePages;

/// <summary>What a real browser lets a page of another site do with the service.</summary>
[Needs(Need.Browser)]
public sealed class OtherSitesTests(TestService service, Browser browser) : IClassFixture<TestService>
{
    private const string Elsewhere = "http://elsewhere.test/";

    [Fact]
    public async Task SwaggerWorksUnderItsPolicy()
    {
        await using var view = await browser.OpenAsync(service.Client.BaseAddress!);
        await view.Page.GotoAsync(new Uri(view.Service, "/swagger/index.html").ToString());
        await Expect(view.Page.Locator(".opblock").First).ToBeVisibleAsync();
        Assert.Empty(view.Errors);
    }

    [Fact]
    public async Task PageElsewhereReadsNothingAndSendsNothing()
    {
        await using var view = await browser.OpenAsync(service.Client.BaseAddress!);
        await view.Page.RouteAsync($"{Elsewhere}**", route => route.FulfillAsync(new() { ContentType = "text/html", Body = "<h1>Elsewhere</h1>" }));
        await view.Page.GotoAsync(Elsewhere);
        var read = await view.Page.EvaluateAsync<string>(
            """
            async service => {
                const event = '{"userId":"forged","kind":"view","itemId":"i","timestamp":"2026-11-22T10:00:00Z"}';
                for (const type of ['text/plain', 'application/json'])
                    for (const mode of ['no-cors', 'cors'])
                        await fetch(service + 'v1/events', { method: 'POST', mode, headers: { 'Content-Type': type }, body: event }).catch(() => 0);
                return await fetch(service + 'v1/status').then(reply => reply.text(), () => 'refused');
            }
            """,
            view.Service.ToString());
        Assert.Equal("refused", read);
        Assert.Equal(404, (await service.GetAsync("/v1/users/forged/window")).Status);
    }
}
