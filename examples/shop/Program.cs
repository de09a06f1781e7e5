using ProfileService.Client;
using Shop;

var builder = WebApplication.CreateBuilder(args);
var settings = builder.Configuration;
var service = settings.GetValue("ProfileService:Url", new Uri("http://localhost:8080"))!;
var key = settings["ProfileService:Key"];
var patience = settings.GetValue("Shop:Patience", TimeSpan.FromSeconds(2));
var catalogue = Catalogue.Read(settings["Shop:Catalogue"] ?? "demo/items.ndjson");
builder.Services
    .AddSingleton(catalogue)
    .AddHttpContextAccessor()
    .AddScoped<Visitor>()
    .AddScoped<Pages>()
    .AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new() { Timeout = patience }) // of a page, for all that it asks
    .AddProfileServiceClient(service, retry => retry.MaxAttempts = 1, key); // a page does without rather than waits
var app = builder.Build();

app.UseRequestTimeouts();
app.Use((http, next) => Visitor.IsSentByAnotherSite(http.Request)
    ? Results.StatusCode(StatusCodes.Status403Forbidden).ExecuteAsync(http)
    : next(http));

app.MapGet("/", (Pages pages) => pages.FrontAsync());
app.MapGet("/items/{itemId}", (Pages pages, string itemId, string? from) => pages.ProductAsync(itemId, from));
app.MapGet("/search", (Pages pages, string? q) => pages.SearchAsync(q ?? ""));
app.MapGet("/basket", (Pages pages) => pages.BasketAsync());
app.MapPost("/basket/{itemId}", (Pages pages, string itemId, string? from) => pages.PutIntoBasketAsync(itemId, from));
app.MapPost("/checkout", (Pages pages) => pages.BuyAsync());

await Task.WhenAll(app.RunAsync(), UploadAsync(app.Lifetime.ApplicationStopping));

// ProfileService is told the catalogue, for filters and events without categories. It may start later than the shop.
async Task UploadAsync(CancellationToken cancellationToken)
{
    var profiles = ProfileServiceClient.Create(service, new RetryOptions { MaxAttempts = int.MaxValue }, key);
    if (await profiles.PutItemsAsync(catalogue.Items, cancellationToken).OrNullAsync(app.Logger) is { } stored)
        app.Logger.LogInformation("ProfileService has {Accepted} items, and refused {Rejected}", stored.Accepted, stored.Rejected);
}
