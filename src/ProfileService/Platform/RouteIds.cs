using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ProfileService.Platform;

/// <summary>
/// Decodes ids in a path, <c>/v1/users/{userId}/…</c>, <c>/v1/items/{itemId}</c> and <c>/v1/categories/{category}/…</c>. The server does
/// not decode %2F and invalid escapes; therefore an id with a % is decoded from the path as it was sent.
/// </summary>
internal static class RouteIds
{
    private const int IdSegment = 2; // index among the segments of the path

    private static readonly string[] Names = ["userId", "itemId", "category"];

    /// <summary>Replaces the id in the route values, from which the handler reads it; returns a problem if the id is invalid.</summary>
    public static ProblemHttpResult? Correct(HttpContext context)
    {
        if (!context.Request.Path.Value!.Contains('%', StringComparison.Ordinal))
            return null;
        var values = context.Request.RouteValues;
        if (Array.Find(Names, values.ContainsKey) is not { } name)
            return null;
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        if (PercentText.Decode(SegmentOf(target)) is not { } id)
            return Problems.Bad(ErrorCodes.InvalidText, name, PercentText.NotValid($"{name} in the address"));

        values[name] = id;
        return null;
    }

    /// <summary>
    /// The segment that contains the id, still encoded. Segments that are . or .. are resolved as the server resolves them.
    /// </summary>
    private static string SegmentOf(string target)
    {
        var path = target.Split('?')[0];
        if (!path.StartsWith('/')) // http://host/path, the form of requests to a proxy
            path = path[path.IndexOf('/', path.IndexOf("//", StringComparison.Ordinal) + 2)..];
        var segments = new List<string>();
        foreach (var segment in path[1..].Split('/'))
        {
            var text = Uri.UnescapeDataString(segment);
            if (text == ".." && segments.Count > 0)
                segments.RemoveAt(segments.Count - 1);
            else if (text is not ("." or ".."))
                segments.Add(segment);
        }

        return segments[IdSegment];
    }
}
