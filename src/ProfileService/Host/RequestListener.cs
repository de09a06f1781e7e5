using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http.Metadata;
using ProfileService.Intake;

namespace ProfileService.Host;

/// <summary>
/// Hands the measurements of ASP.NET Core's own metric of requests to <see cref="RecentRequests"/>, so that the status has what OTLP
/// exports. Requests without a tag in the description of the API are passed over: console, health, Swagger, addresses without a route.
/// </summary>
internal sealed class RequestListener : IDisposable
{
    private const string HostingMeter = "Microsoft.AspNetCore.Hosting";
    private const string RequestDuration = "http.server.request.duration";
    private const string RouteTag = "http.route";
    private const string StatusTag = "http.response.status_code";

    private readonly MeterListener _listener = new();
    private readonly RecentRequests _requests;
    private readonly Lazy<FrozenDictionary<string, Route>> _routes; // are known when the first request comes

    public RequestListener(IMeterFactory meters, EndpointDataSource endpoints, RecentRequests requests)
    {
        _requests = requests;
        _routes = new(() => RoutesOf(endpoints));
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == RequestDuration && instrument.Meter.Name == HostingMeter && instrument.Meter.Scope == meters)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) => Record(seconds, tags));
    }

    public void Start() => _listener.Start();

    public void Dispose() => _listener.Dispose();

    private void Record(double seconds, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (Find(tags, RouteTag) is string name && Find(tags, StatusTag) is int status && _routes.Value.TryGetValue(name, out var route))
            _requests.Record(route.Tag, status, route.IsStream ? null : TimeSpan.FromSeconds(seconds));
    }

    private static object? Find(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name)
    {
        foreach (var tag in tags)
        {
            if (tag.Key == name)
                return tag.Value;
        }

        return null;
    }

    private static FrozenDictionary<string, Route> RoutesOf(EndpointDataSource endpoints) => endpoints.Endpoints
        .Where(endpoint => endpoint.Metadata.GetMetadata<ITagsMetadata>() is not null)
        .DistinctBy(NameOf)
        .ToFrozenDictionary(NameOf, endpoint => new Route(
            endpoint.Metadata.GetMetadata<ITagsMetadata>()!.Tags[0],
            endpoint.Metadata.OfType<IProducesResponseTypeMetadata>().Any(made => made.ContentTypes.Contains(BatchEndpoint.Ndjson))));

    private static string NameOf(Endpoint endpoint) => endpoint.Metadata.GetMetadata<IRouteDiagnosticsMetadata>()!.Route;

    /// <param name="IsStream">Whether the answer lasts as long as its reader wants.</param>
    private readonly record struct Route(string Tag, bool IsStream);
}
