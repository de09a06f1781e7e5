using System.Net.Mime;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using ProfileService.Platform;

namespace ProfileService.Mcp;

/// <summary>A request to the service's own API.</summary>
/// <param name="Target">Path and query as a client writes them, with %XX in ids.</param>
/// <param name="Body">JSON; null for none.</param>
internal sealed record OwnRequest(string Method, string Target, byte[]? Body = null)
{
    // What says who calls and under which name of this service; the guards decide by these as they do for requests from outside.
    private static readonly string[] Kept = [HeaderNames.Authorization, HeaderNames.Host];

    /// <summary>The context of this request: the caller's connection and credentials, and a response of its own.</summary>
    public HttpContext ContextFor(HttpContext caller, OwnResponse response, IServiceProvider services)
    {
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(RequestOf(caller.Request));
        features.Set<IHttpResponseFeature>(response);
        features.Set<IHttpResponseBodyFeature>(response.Writer);
        features.Set(caller.Features.Get<IHttpConnectionFeature>());
        features.Set<IHttpRequestIdentifierFeature>(new HttpRequestIdentifierFeature { TraceIdentifier = caller.TraceIdentifier });
        features.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature { RequestAborted = caller.RequestAborted });
        features.Set(new CountedRequest());
        return new DefaultHttpContext(features) { RequestServices = services };
    }

    private HttpRequestFeature RequestOf(HttpRequest caller)
    {
        var parts = Target.Split('?', 2);
        var request = new HttpRequestFeature
        {
            Protocol = caller.Protocol,
            Scheme = caller.Scheme,
            Method = Method,
            RawTarget = Target,
            Path = parts[0], // encoded, so that RouteIds decodes the id from RawTarget
            QueryString = parts.Length > 1 ? $"?{parts[1]}" : "",
            Body = Body is null ? Stream.Null : new MemoryStream(Body),
        };
        foreach (var name in Kept.Where(caller.Headers.ContainsKey))
            request.Headers[name] = caller.Headers[name];
        request.Headers.Accept = MediaTypeNames.Application.Json;
        if (Body is not null)
            (request.Headers.ContentType, request.Headers.ContentLength) = (MediaTypeNames.Application.Json, Body.Length);
        return request;
    }
}
