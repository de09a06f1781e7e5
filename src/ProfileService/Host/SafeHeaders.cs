using Microsoft.Extensions.Primitives;

namespace ProfileService.Host;

/// <summary>Headers of every answer, so that no page elsewhere embeds, frames or guesses at it, and no cache in between keeps it.</summary>
internal static class SafeHeaders
{
    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues Deny = "DENY";
    private static readonly StringValues SameOrigin = "same-origin";
    private static readonly StringValues NoReferrer = "no-referrer";
    private static readonly StringValues NoContent = "default-src 'none'; frame-ancestors 'none'";
    private static readonly StringValues NoStore = "no-store";
    private static readonly StringValues AskAgain = "private, no-cache"; // the client keeps it, and asks after it by its tag

    // Swagger UI sets styles from its scripts, and shows pictures that stand in its style sheet.
    private static readonly StringValues Swagger =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

    /// <summary>Adds them when the answer starts: an error takes away what was set before. What the endpoint itself says of caches and content stands.</summary>
    public static void Add(HttpContext context) => context.Response.OnStarting(AddNow, context);

    private static Task AddNow(object state)
    {
        var context = (HttpContext)state;
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = NoSniff;
        headers.XFrameOptions = Deny;
        headers["Cross-Origin-Resource-Policy"] = SameOrigin;
        headers["Referrer-Policy"] = NoReferrer;
        if (headers.ContentSecurityPolicy.Count == 0)
            headers.ContentSecurityPolicy = context.Request.Path.StartsWithSegments("/swagger") ? Swagger : NoContent;
        if (headers.CacheControl.Count == 0)
            headers.CacheControl = headers.ETag.Count > 0 ? AskAgain : NoStore;
        return Task.CompletedTask;
    }
}
