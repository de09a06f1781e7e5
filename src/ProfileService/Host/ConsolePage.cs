using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace ProfileService.Host;

/// <summary>The console: a page for people at <c>/</c>, and what it loads under <c>/console/</c>.</summary>
internal static class ConsolePage
{
    private const string Index = "index.html";

    // The page loads from here alone and holds no script of its own, so that nothing a user id or an item title says can run.
    private const string Policy = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static void MapConsole(this IEndpointRouteBuilder routes)
    {
        var files = ConsoleFile.ReadAll();
        routes.MapMethods("/", Methods, (HttpContext context) => GetFile(files, Index, context)).ExcludeFromDescription();
        routes.MapMethods("/console/{**path}", Methods, (string? path, HttpContext context) => GetFile(files, $"console/{path}", context)).ExcludeFromDescription();
    }

    private static Results<FileContentHttpResult, NotFound> GetFile(IReadOnlyDictionary<string, ConsoleFile> files, string path, HttpContext context)
    {
        if (!files.TryGetValue(path, out var file))
            return TypedResults.NotFound();

        var headers = context.Response.Headers;
        headers.CacheControl = "no-cache"; // kept, but asked after by its tag, so that a new version of the service never meets half an old page
        headers.ContentSecurityPolicy = Policy;
        return TypedResults.Bytes(file.Content, file.ContentType, entityTag: new EntityTagHeaderValue(file.Etag));
    }
}
