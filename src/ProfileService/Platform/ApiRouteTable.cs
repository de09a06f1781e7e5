using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http.Metadata;

namespace ProfileService.Platform;

/// <summary>
/// The routes of the API's description by their template, such as <c>/v1/users/{id}/profile</c>, noted when the framework builds their
/// endpoints. Asking its data source for the endpoints would build them all once more, some 40 ms.
/// </summary>
internal sealed class ApiRouteTable
{
    private readonly ConcurrentDictionary<string, ApiRoute> _routes = new();

    /// <summary>Null for a template that is not in the description.</summary>
    public ApiRoute? Find(string template) => _routes.GetValueOrDefault(template);

    public void Note(EndpointBuilder endpoint)
    {
        if (endpoint is RouteEndpointBuilder { RoutePattern.RawText: { } template }
            && endpoint.Metadata.OfType<ITagsMetadata>().LastOrDefault() is { } tags)
            _routes[template] = new ApiRoute(tags.Tags[0], [.. ContentTypesOf(endpoint)]);
    }

    private static IEnumerable<string> ContentTypesOf(EndpointBuilder endpoint) =>
        endpoint.Metadata.OfType<IProducesResponseTypeMetadata>().SelectMany(response => response.ContentTypes);
}

/// <param name="Tag">What the description lists it under.</param>
/// <param name="ContentTypes">Content types of its answers.</param>
internal sealed record ApiRoute(string Tag, IReadOnlyList<string> ContentTypes);
