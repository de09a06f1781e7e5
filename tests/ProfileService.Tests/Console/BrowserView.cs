using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace ProfileService.Tests.ConsolePages;

/// <summary>One browser window, and what went on in it.</summary>
internal sealed class BrowserView : IAsyncDisposable
{
    private const string RefusedRequest = "Failed to load resource"; // the browser's own note on a status of 4xx or 5xx, which a page may well expect

    private readonly Browser _browser;
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly ConcurrentQueue<string> _requests = new();

    public BrowserView(Browser browser, IPage page, Uri service)
    {
        (_browser, Page, Service) = (browser, page, service);
        page.PageError += OnError;
        page.Dialog += OnDialog;
        page.Request += OnRequest;
        page.Console += OnMessage;
    }

    public IPage Page { get; }

    public Uri Service { get; }

    /// <summary>What the page's scripts and policy complained about.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    public IReadOnlyCollection<string> Requests => _requests;

    public ILocator Heading => Page.Locator("main h1");

    public ILocator Banner => Page.Locator("#banner");

    public ILocator Send => Page.GetByRole(AriaRole.Button, new() { Name = "Send" });

    public ILocator Find(string css) => Page.Locator(css);

    /// <summary>A part of the page by its heading.</summary>
    public ILocator Card(string title) => Page.Locator("section.card").Filter(new() { Has = Page.GetByRole(AriaRole.Heading, new() { Name = title, Exact = true }) });

    /// <summary>Changes how the window looks at its page, which stays as it is.</summary>
    public async Task ShowAsAsync(ColorScheme scheme, int width = 1280, int height = 800)
    {
        await Page.SetViewportSizeAsync(width, height);
        await Page.EmulateMediaAsync(new() { ColorScheme = scheme });
    }

    /// <summary>Waits until the page, as it was loaded last, has said these words to screen readers, whatever it says since.</summary>
    public Task SaysAsync(string words) => Page.WaitForFunctionAsync("words => heard.some(text => text.includes(words))", words);

    /// <summary>Gives what the page asks from now on no more than a moment to be answered, until it is loaded anew.</summary>
    public Task LosePatienceAsync() => Page.EvaluateAsync("globalThis.patience = 100");

    /// <summary>Returns when the page has read what was answered before.</summary>
    public Task HasReadAsync() => Page.EvaluateAsync("fetch('health/live').then(reply => reply.text())");

    /// <summary>Answers a call that a test held, after which the page has read what came. The page may have given the call up.</summary>
    public async Task AnswerLateAsync(IRoute held, RouteFulfillOptions answer)
    {
        try
        {
            await held.FulfillAsync(answer);
        }
        catch (PlaywrightException e) when (e.Message.Contains("already handled", StringComparison.Ordinal))
        {
            // By its end.
        }

        await HasReadAsync();
    }

    /// <summary>Opens the console at an address behind #, and waits until it is there with all its cards.</summary>
    public async Task GoToAsync(string address)
    {
        await Page.GotoAsync(new Uri(Service, $"/{address}").ToString());
        await Assertions.Expect(Page.Locator("main:not([aria-busy]) h1")).ToBeVisibleAsync();
        await Assertions.Expect(Page.Locator("main .card-body:empty")).ToHaveCountAsync(0);
    }

    public static string UserAddress(string userId) => $"#/users/{Uri.EscapeDataString(userId)}";

    public ValueTask DisposeAsync()
    {
        Page.PageError -= OnError;
        Page.Dialog -= OnDialog;
        Page.Request -= OnRequest;
        Page.Console -= OnMessage;
        return _browser.CloseAsync(Page, hadTrouble: !_errors.IsEmpty);
    }

    private void OnError(object? sender, string error) => _errors.Enqueue(error);

    private void OnDialog(object? sender, IDialog dialog) => _errors.Enqueue($"a dialog: {dialog.Message}");

    private void OnRequest(object? sender, IRequest request) => _requests.Enqueue(request.Url);

    private void OnMessage(object? sender, IConsoleMessage message)
    {
        if (message.Type is "error" or "warning" && !message.Text.StartsWith(RefusedRequest, StringComparison.Ordinal))
            _errors.Enqueue(message.Text);
    }
}
