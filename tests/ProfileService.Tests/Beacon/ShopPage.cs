using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ProfileService.Tests.Client;

namespace ProfileService.Tests.Beacon;

/// <summary>A page of a shop on a port of its own, with the script of docs/request-time.md.</summary>
internal sealed class ShopPage : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ShopPage(WebApplication app) => _app = app;

    /// <summary>The service and the token that the page has.</summary>
    public (string Service, string Token) Data { get; set; }

    public string ReferrerPolicy { get; set; } = "strict-origin-when-cross-origin"; // as if it named none

    public Uri Address => new(_app.Urls.Single());

    public string Origin => Address.GetLeftPart(UriPartial.Authority);

    public static async Task<ShopPage> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var page = new ShopPage(builder.Build());
        page._app.MapGet("/", () => Results.Content(page.Html(), "text/html"));
        page._app.MapGet("/favicon.ico", () => Results.NoContent());
        await page._app.StartAsync(TestContext.Current.CancellationToken);
        return page;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private string Html() => $"""
        <!doctype html><title>Shop</title>
        <meta name="referrer" content="{ReferrerPolicy}">
        <body data-service="{Data.Service}" data-token="{Data.Token}">
        <main><h1>Shop</h1></main>
        <script>{ExampleDocument.RequestTime.Block("Straight from a page", "js")}</script>
        """;
}
