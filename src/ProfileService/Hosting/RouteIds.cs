using Microsoft.AspNetCore.Http.Features;

namespace ProfileService.Hosting;

/// <summary>Ids in a path. The server leaves %2F encoded, so that an id with a slash must be read from the path as it was sent.</summary>
internal static class RouteIds
{
    /// <param name="id">The route value, in the last segment but one: <c>/v1/users/{id}/…</c>.</param>
    public static string Exact(HttpContext context, string id)
    {
        if (!id.Contains("%2F", StringComparison.OrdinalIgnoreCase))
            return id;
        var path = context.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?')[0].TrimEnd('/').Split('/');
        return Uri.UnescapeDataString(path[^2]);
    }
}
