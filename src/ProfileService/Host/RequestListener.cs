using System.Diagnostics.Metrics;
using ProfileService.Intake;
using ProfileService.Platform;

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
    private readonly ApiRouteTable _routes;
    private readonly RecentRequests _requests;

    public RequestListener(IMeterFactory meters, ApiRouteTable routes, RecentRequests requests)
    {
        (_routes, _requests) = (routes, requests);
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
        if (Find(tags, RouteTag) is string name && Find(tags, StatusTag) is int status && _routes.Find(name) is { } route)
            _requests.Record(route.Tag, status, route.ContentTypes.Contains(BatchEndpoint.Ndjson) ? null : TimeSpan.FromSeconds(seconds));
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
}
