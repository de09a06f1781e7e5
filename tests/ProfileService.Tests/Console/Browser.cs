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

    static Browser() => Assertions.SetDefaultExpectTimeout(Patience);

    private readonly Lazy<Task<(IPlaywright Driver, IBrowser Program)>> _started = new(StartAsync);

    /// <summary>A window of its own on a service, which shares nothing with others.</summary>
    internal async Task<BrowserView> OpenAsync(Uri service, string address = "", ColorScheme scheme = ColorScheme.Light, int width = 1280, int height = 800)
    {
        var (_, program) = await _started.Value;
        var context = await program.NewContextAsync(new()
        {
            BaseURL = service.ToString(),
            ColorScheme = scheme,
            ViewportSize = new() { Width = width, Height = height },
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(Patience);
        var view = new BrowserView(context, await context.NewPageAsync(), service);
        await view.GoToAsync(address);
        return view;
    }

    public async ValueTask DisposeAsync()
    {
        if (_started is not { IsValueCreated: true, Value.IsFaulted: false })
            return;
        var (driver, program) = await _started.Value;
        await program.DisposeAsync();
        driver.Dispose();
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
