using Microsoft.Playwright;

namespace ProfileService.Tests.ConsolePages;

/// <summary>Windows that the tests of a class look at one after the other, for a page costs far more to load than to look at.</summary>
/// <remarks>For tests that leave the page as it is, or change of it what no other looks at.</remarks>
public sealed class KeptViews(Browser browser) : IAsyncDisposable
{
    private readonly Dictionary<string, BrowserView> _views = [];

    /// <summary>The window on an address, as wide and as light as new ones are.</summary>
    internal async Task<BrowserView> OpenAsync(Uri service, string address)
    {
        if (!_views.TryGetValue(address, out var view))
            return _views[address] = await browser.OpenAsync(service, address);
        await view.ShowAsAsync(ColorScheme.Light);
        return view;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var view in _views.Values)
            await view.DisposeAsync();
    }
}
