using ProfileService.Client;

namespace Shop;

/// <summary>Who visits, and what lies in the basket: two cookies.</summary>
internal sealed class Visitor(IHttpContextAccessor accessor, Catalogue catalogue)
{
    private static readonly CookieOptions Cookie = new() { HttpOnly = true, SameSite = SameSiteMode.Lax, MaxAge = TimeSpan.FromDays(90) };

    private readonly HttpContext _http = accessor.HttpContext!;

    /// <summary>Drawn at the first visit; it says nothing of the person.</summary>
    public string Id { get; } = IdOf(accessor.HttpContext!);

    /// <summary>Cancelled when the visitor has waited long enough, or has left.</summary>
    public CancellationToken Patience => _http.RequestAborted;

    public IEnumerable<CatalogueItem> Basket =>
        (_http.Request.Cookies["basket"] ?? "").Split('|').Select(catalogue.Find).OfType<CatalogueItem>().Take(20);

    public void PutIntoBasket(CatalogueItem item)
    {
        var ids = Basket.Prepend(item).Select(each => each.ItemId).Distinct();
        _http.Response.Cookies.Append("basket", string.Join('|', ids), Cookie);
    }

    public void EmptyBasket() => _http.Response.Cookies.Delete("basket", Cookie);

    /// <summary>Whether a page of another site sent a form here. Browsers say so, and no page can have them say otherwise.</summary>
    public static bool IsSentByAnotherSite(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) && request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin");

    private static string IdOf(HttpContext http)
    {
        var id = Guid.TryParse(http.Request.Cookies["visitor"], out var known) ? known : Guid.NewGuid();
        http.Response.Cookies.Append("visitor", $"{id}", Cookie);
        return $"{id}";
    }
}
