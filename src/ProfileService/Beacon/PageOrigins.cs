using Microsoft.Extensions.Options;

namespace ProfileService.Beacon;

/// <summary>The origins of <see cref="PageOptions"/>, for the requests of browsers.</summary>
internal sealed class PageOrigins(IOptions<PageOptions> options)
{
    private readonly HashSet<string> _origins = new(options.Value.Origins, StringComparer.Ordinal);

    /// <summary>Whether any page may send events.</summary>
    public bool IsAny => _origins.Count > 0;

    /// <summary>Whether a page of a listed origin sends the request, and sends it to the one address that is for pages.</summary>
    public bool Allow(HttpRequest request) =>
        IsAny && request.Path.Equals(BeaconApi.Path, StringComparison.Ordinal)
        && request.Headers.Origin is [{ } origin] && _origins.Contains(origin);
}
