using ProfileService.Client;

namespace Shop;

/// <summary>An item, and the recommendations that led to it; null if none did.</summary>
internal sealed record BasketItem(CatalogueItem Item, string? From);

/// <summary>Who visits, and what lies in the basket: two cookies.</summary>
internal sealed class Visitor(IHttpContextAccessor accessor, Catalogue catalogue)
{
    private static readonly CookieOptions Cookie = new() { HttpOnly = true, SameSite = SameSiteMode.Lax, MaxAge = TimeSpan.FromDays(90) };

    private readonly HttpContext _http = accessor.HttpContext!;

    /// <summary>Drawn at the first visit; it says nothing of the person.</summary>
    public string Id { get; } = IdOf(accessor.HttpContext!);

    /// <summary>Cancelled when the visitor has waited long enough, or has left.</summary>
    public CancellationToken Patience => _http.RequestAborted;

    public IEnumerable<BasketItem> Basket =>
        (_http.Request.Cookies["basket"] ?? "").Split('|').Select(Read).OfType<BasketItem>().Take(20);

    public void PutIntoBasket(BasketItem item)
    {
        var entries = Basket.Prepend(item).DistinctBy(each => each.Item).Select(each => $"{each.Item.ItemId}.{Checked(each.From)}");
        _http.Response.Cookies.Append("basket", string.Join('|', entries), Cookie);
    }

    public void EmptyBasket() => _http.Response.Cookies.Delete("basket", Cookie);

    /// <summary>Whether a page of another site sent a form here. Browsers say so, and no page can have them say otherwise.</summary>
    public static bool IsSentByAnotherSite(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) && request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin");

    /// <summary>An item's id, a dot, and the id of the recommendations, which has no dot.</summary>
    private BasketItem? Read(string entry) => entry.LastIndexOf('.') is >= 0 and var dot && catalogue.Find(entry[..dot]) is { } item
        ? new BasketItem(item, dot + 1 < entry.Length ? entry[(dot + 1)..] : null) : null;

    private static string? Checked(string? from) => from is { Length: <= 200 } && !from.AsSpan().ContainsAny('.', '|') ? from : null;

    private static string IdOf(HttpContext http)
    {
        var id = Guid.TryParse(http.Request.Cookies["visitor"], out var known) ? known : Guid.NewGuid();
        http.Response.Cookies.Append("visitor", $"{id}", Cookie);
        return $"{id}";
    }
}
