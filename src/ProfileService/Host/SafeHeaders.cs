using Microsoft.Extensions.Primitives;

namespace ProfileService.Host;

/// <summary>
/// Security headers of every response. They prevent other sites from embedding or framing it, browsers from sniffing its content type, and
/// shared caches from storing it.
/// </summary>
internal static class SafeHeaders
{
    private const string ResourcePolicy = "Cross-Origin-Resource-Policy";

    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues Deny = "DENY";
    private static readonly StringValues SameOrigin = "same-origin";
    private static readonly StringValues CrossOrigin = "cross-origin";
    private static readonly StringValues NoReferrer = "no-referrer";
    private static readonly StringValues NoContent = "default-src 'none'; frame-ancestors 'none'";
    private static readonly StringValues NoStore = "no-store";
    private static readonly StringValues Revalidate = "private, no-cache"; // the client may store it, but revalidates it by its ETag

    // Swagger UI sets styles from scripts, and its style sheet contains images.
    private static readonly StringValues Swagger =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

    /// <summary>Lets a page of another origin have the response, for it is one of those that may send events.</summary>
    public static void AllowPage(HttpContext context) => context.Response.Headers[ResourcePolicy] = CrossOrigin;

    /// <summary>
    /// Adds the headers when the response starts, because an error removes headers that were set before. Headers that the endpoint set are
    /// kept.
    /// </summary>
    public static void Add(HttpContext context) => context.Response.OnStarting(
        static state =>
        {
            AddNow((HttpContext)state);
            return Task.CompletedTask;
        }, context);

    public static void AddNow(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = NoSniff;
        headers.XFrameOptions = Deny;
        if (headers[ResourcePolicy].Count == 0)
            headers[ResourcePolicy] = SameOrigin;
        headers["Referrer-Policy"] = NoReferrer;
        if (headers.ContentSecurityPolicy.Count == 0)
            headers.ContentSecurityPolicy = context.Request.Path.StartsWithSegments("/swagger") ? Swagger : NoContent;
        if (headers.CacheControl.Count == 0)
            headers.CacheControl = headers.ETag.Count > 0 ? Revalidate : NoStore;
    }
}
