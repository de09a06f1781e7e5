using System.Collections.Frozen;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using ProfileService.Auth;

namespace ProfileService.Host;

/// <summary>The console: a web page at <c>/</c>, with its files under <c>/console/</c>.</summary>
internal static class ConsolePage
{
    // The page loads files only from this service and contains no inline script, so that no text from a user id or an item title can run.
    private const string Policy = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

    /// <summary>What the page must know before anybody is signed in.</summary>
    private const string SignIn = "console/sign-in.json";

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static void MapConsole(this IEndpointRouteBuilder routes)
    {
        var options = routes.ServiceProvider.GetRequiredService<IOptions<AuthOptions>>().Value;
        var files = ConsoleFiles.All.Append(new(SignIn, ConsoleSignIn.FileOf(options))).ToFrozenDictionary(StringComparer.Ordinal);
        var policy = ConsoleSignIn.OriginOf(options) is { } provider ? $"{Policy}; connect-src 'self' {provider}" : Policy;
        routes.MapMethods("/", Methods, (HttpContext context) => GetFile(files, ConsoleFiles.Index, policy, context))
            .ExcludeFromDescription()
            .AllowAnonymous(); // the page has no data; what it asks for needs a key
        routes.MapMethods(
                "/console/{**path}",
                Methods,
                (string? path, HttpContext context) => GetFile(files, $"console/{path}", policy, context))
            .ExcludeFromDescription()
            .AllowAnonymous();
    }

    private static Results<FileContentHttpResult, NotFound> GetFile(
        FrozenDictionary<string, ConsoleFile> files, string path, string policy, HttpContext context)
    {
        if (!files.TryGetValue(path, out var file))
            return TypedResults.NotFound();

        var headers = context.Response.Headers;
        headers.CacheControl = file.CacheControl;
        headers.ContentSecurityPolicy = policy;
        return TypedResults.Bytes(file.Content, file.ContentType, entityTag: new EntityTagHeaderValue(file.Etag));
    }
}
