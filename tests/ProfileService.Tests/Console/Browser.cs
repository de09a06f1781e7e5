using System.Collections.Concurrent;
using Microsoft.Playwright;
using ProfileService.Tests.ConsolePages;

[assembly: AssemblyFixture(typeof(Browser))]

namespace ProfileService.Tests.ConsolePages;

/// <summary>The machine's own Chromium, headless; started when a test first asks, and shared. Nothing is downloaded for it.</summary>
public sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    // How long an expectation may take to come true, and the browser to do as it is told. It bounds a broken test only, so that a busy
    // machine breaks none.
    internal const float Patience = 180_000; // milliseconds

    // Runs in each page before its own scripts. `heard` keeps what is said to screen readers, where the next words take the place of the
    // last. A page's own limits on answers are longer than the tests', for it would take a busy machine for a service that is away; a test
    // of these limits sets `patience`, in milliseconds.
    private static readonly string InEachPage = $$"""
        globalThis.heard = [];
        new MutationObserver(changes => heard.push(...changes.filter(({ target }) => target.id === 'announcer')
            .flatMap(({ addedNodes }) => [...addedNodes].map(node => node.textContent))))
            .observe(document, { childList: true, subtree: true });
        globalThis.patience = {{2 * Patience}};
        {
            const timeout = AbortSignal.timeout.bind(AbortSignal);
            AbortSignal.timeout = () => timeout(globalThis.patience);
        }
        """;

    static Browser() => Assertions.SetDefaultExpectTimeout(Patience);

    private readonly Lazy<Task<(IPlaywright Driver, IBrowser Program)>> _started = new(StartAsync);
    private readonly ConcurrentBag<IPage> _idle = [];

    /// <summary>A window on a service, for one at a time. It is as good as new: what an earlier one left in it is gone.</summary>
    internal async Task<BrowserView> OpenAsync(
        Uri service, string address = "", ColorScheme scheme = ColorScheme.Light, int width = 1280, int height = 800)
    {
        var view = new BrowserView(this, _idle.TryTake(out var page) ? page : await NewPageAsync(), service);
        await view.ShowAsAsync(scheme, width, height);
        await view.GoToAsync(address);
        return view;
    }

    /// <summary>Ends the use of a window. One without trouble serves again: a new one costs more than most tests do in it.</summary>
    internal async ValueTask CloseAsync(IPage page, bool hadTrouble)
    {
        if (!hadTrouble && await IsClearedAsync(page))
            _idle.Add(page);
        else
            await page.Context.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_started is not { IsValueCreated: true, Value.IsFaulted: false })
            return;
        var (driver, program) = await _started.Value;
        await program.DisposeAsync();
        driver.Dispose();
    }

    private async Task<IPage> NewPageAsync()
    {
        var (_, program) = await _started.Value;
        var context = await program.NewContextAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        context.SetDefaultTimeout(Patience);
        await context.AddInitScriptAsync(InEachPage);
        return await context.NewPageAsync();
    }

    private static async Task<bool> IsClearedAsync(IPage page)
    {
        try
        {
            await page.UnrouteAllAsync();
            await page.Context.ClearCookiesAsync();
            await page.EvaluateAsync("localStorage.clear(), sessionStorage.clear()");
            await page.Mouse.MoveAsync(0, 0); // where it stayed, it would hover
            await page.GotoAsync("about:blank"); // the next address may differ behind # alone, which loads nothing
            return true;
        }
        catch (PlaywrightException)
        {
            return false; // a page of the browser's own, say, that lets no script in
        }
    }

    private static async Task<(IPlaywright, IBrowser)> StartAsync()
    {
        var path = Find();
        var driver = await Playwright.CreateAsync();
        return (driver, await driver.Chromium.LaunchAsync(new()
        {
            ExecutablePath = path,
            Args = Environment.IsPrivilegedProcess ? ["--no-sandbox"] : [], // Chromium has no sandbox for root
        }));
    }

    private static string Find() =>
        (from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
         from name in Names
         let path = Path.Combine(folder, name)
         where File.Exists(path)
         select path).FirstOrDefault()
        ?? throw new InvalidOperationException($"None of {string.Join(", ", Names)} is installed; eng/browser installs it.");
}
