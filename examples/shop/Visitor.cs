namespace Shop;

/// <summary>Who visits, and the basket: two cookies.</summary>
internal static class Visitor
{
    private const string Id = "visitor";
    private const string Basket = "basket";
    private const char Separator = '|';
    private const int MostItems = 20;

    private static readonly CookieOptions Cookie = new()
    {
        HttpOnly = true,
        IsEssential = true,
        SameSite = SameSiteMode.Lax,
        MaxAge = TimeSpan.FromDays(90),
    };

    /// <summary>Whether a page of another site sent a form here. Browsers say so, and no page can have them say otherwise.</summary>
    public static bool IsSentByAnotherSite(HttpContext http) =>
        HttpMethods.IsPost(http.Request.Method)
        && http.Request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin");

    /// <summary>The visitor's id, which is drawn at the first visit and says nothing of the person.</summary>
    public static string IdOf(HttpContext http)
    {
        if (Guid.TryParse(http.Request.Cookies[Id], out var known))
            return known.ToString();
        var drawn = Guid.NewGuid().ToString();
        http.Response.Cookies.Append(Id, drawn, Cookie);
        return drawn;
    }

    public static string[] BasketOf(HttpContext http) =>
        http.Request.Cookies[Basket]?.Split(Separator, StringSplitOptions.RemoveEmptyEntries).Take(MostItems).ToArray() ?? [];

    public static void PutIntoBasket(HttpContext http, string itemId) =>
        http.Response.Cookies.Append(Basket, string.Join(Separator, BasketOf(http).Append(itemId).Distinct().TakeLast(MostItems)), Cookie);

    public static void EmptyBasket(HttpContext http) => http.Response.Cookies.Delete(Basket, Cookie);
}
