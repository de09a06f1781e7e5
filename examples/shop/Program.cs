using ProfileService.Client;
using Shop;

var builder = WebApplication.CreateBuilder(args);
var service = builder.Configuration.GetValue("ProfileService:Url", new Uri("http://localhost:8080"))!;
var patience = builder.Configuration.GetValue("Shop:Patience", TimeSpan.FromSeconds(2));
var client = builder.Services
    .AddSingleton(Catalogue.Read(builder.Configuration["Shop:Catalogue"] ?? "demo/items.ndjson"))
    .AddSingleton(new Patience(patience))
    .AddScoped<PersonalShop>()
    .AddHostedService<CatalogueUpload>()
    // A page must not wait for long: one attempt, then the shop does without. PersonalShop bounds all of a page together.
    .AddProfileServiceClient(service, retry => (retry.MaxAttempts, retry.AttemptTimeout) = (1, patience));
if (builder.Configuration["ProfileService:Key"] is { } key)
    client.AddHttpMessageHandler(() => new CredentialsHandler(key));
builder.Logging.AddFilter("System.Net.Http.HttpClient", LogLevel.None); // PersonalShop says in a line what failed
var app = builder.Build();

// No page of another site may have a form sent here, or set a visitor's cookies by one.
app.Use(next => http => Visitor.IsSentByAnotherSite(http)
    ? Results.StatusCode(StatusCodes.Status403Forbidden).ExecuteAsync(http)
    : next(http));

app.MapGet("/", async (HttpContext http, PersonalShop shop, CancellationToken cancellationToken) =>
{
    var front = await shop.FrontAsync(Visitor.IdOf(http), cancellationToken);
    return Page.Of("Shop", Page.Interests(front.Interests), Page.List(front.Title, front.Items, front.From));
});

app.MapGet("/items/{itemId}", async (
    string itemId, string? from, HttpContext http, PersonalShop shop, Catalogue catalogue, CancellationToken cancellationToken) =>
{
    if (catalogue.Find(itemId) is not { } item)
        return Results.NotFound();
    await shop.SendAsync(Visitor.IdOf(http), EventKinds.View, [item], from, cancellationToken);
    return Page.Of(item.Title!, Page.Product(item), Page.List("More like this", await shop.SimilarAsync(item, cancellationToken)));
});

app.MapGet("/search", async (string? q, HttpContext http, PersonalShop shop, Catalogue catalogue, CancellationToken cancellationToken) =>
{
    var found = catalogue.Search(q ?? "");
    var ranked = await shop.RankAsync(Visitor.IdOf(http), found, cancellationToken);
    return Page.Of("Search", Page.List($"{found.Count} items for “{q}”", ranked));
});

app.MapGet("/basket", async (HttpContext http, PersonalShop shop, Catalogue catalogue, CancellationToken cancellationToken) =>
{
    var basket = Visitor.BasketOf(http).Select(catalogue.Find).OfType<CatalogueItem>().ToList();
    var beside = await shop.BesideAsync(Visitor.IdOf(http), basket, cancellationToken);
    return Page.Of("Basket", Page.List("Your basket", basket), Page.Checkout, Page.List("You may also like", beside));
});

app.MapPost("/basket/{itemId}", async (
    string itemId, HttpContext http, PersonalShop shop, Catalogue catalogue, CancellationToken cancellationToken) =>
{
    if (catalogue.Find(itemId) is not { } item)
        return Results.NotFound();
    await shop.SendAsync(Visitor.IdOf(http), EventKinds.Cart, [item], null, cancellationToken);
    Visitor.PutIntoBasket(http, itemId);
    return Results.LocalRedirect("/basket");
});

app.MapPost("/checkout", async (HttpContext http, PersonalShop shop, Catalogue catalogue, CancellationToken cancellationToken) =>
{
    CatalogueItem[] items = [.. Visitor.BasketOf(http).Select(catalogue.Find).OfType<CatalogueItem>()];
    await shop.SendAsync(Visitor.IdOf(http), EventKinds.Purchase, items, null, cancellationToken);
    Visitor.EmptyBasket(http);
    return Results.LocalRedirect("/");
});

app.Run();
