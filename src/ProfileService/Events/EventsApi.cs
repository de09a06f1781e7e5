using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Auth;
using ProfileService.Events.CloudEvents;
using ProfileService.Intake;
using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Events;

/// <summary><c>POST /v1/events</c>.</summary>
internal static class EventsApi
{
    public const string Path = "/v1/events";

    public static void MapEvents(this IEndpointRouteBuilder routes) =>
        routes.MapPost(Path["/v1".Length..], PostEvents).WithTags("Events")
            .TakesBatch<UserEvent>(routes.ServiceProvider, CloudEventTypes.One, CloudEventTypes.Batch)
            .WithMetadata(new BodySchema(CloudEventTypes.One, typeof(CloudEvent)))
            .WithMetadata(new BodySchema(CloudEventTypes.Batch, typeof(CloudEvent[])))
            .WithMetadata([.. CloudEventHeaders.Headers])
            .RequiresScopes(Scopes.EventsWrite);

    /// <summary>Sends events</summary>
    /// <remarks>
    /// One event, an array of up to 1,000, or a stream of any length as <c>application/x-ndjson</c>, one event per line.
    /// Each event is judged on its own: a bad one does not affect the others. 202 means stored: the events survive a crash of the service.
    /// An event whose id is already known is counted as a duplicate, one that is too old for its user's window as late, one of a time
    /// before its user was erased as erased; none of these is an error.
    /// A body that cannot be read, or in which every event is bad, is 400.
    /// CloudEvents 1.0 are taken, too: structured as <c>application/cloudevents+json</c> or <c>application/cloudevents-batch+json</c>,
    /// and binary, with <c>ce-</c> headers beside one event.
    /// </remarks>
    /// <response code="202">The good events are stored; the counts say what became of each.</response>
    private static async Task<Results<Accepted<IngestSummary>, ProblemHttpResult>> PostEvents(
        HttpContext context, BatchEndpoint endpoint, EventIngest ingest, RateLimits limits, TimeProvider time)
    {
        var intake = IntakeOf(context.Request, ingest);
        var (summary, refusal) = context.User is Caller { Rates: { Events: > 0 } rates }
            ? await ReadLimitedAsync(
                context, endpoint, new LimitedIntake(intake, limits, rates, waits: BatchEndpoint.IsStream(context.Request), time))
            : await endpoint.ReadAsync(context, intake);
        if (summary is null)
            return refusal!;
        return ingest.Answer(summary);
    }

    private static IIntake<WindowEvent> IntakeOf(HttpRequest request, EventIngest ingest) =>
        CloudEventTypes.IsEnvelope(request.ContentType) ? new CloudEventIntake(ingest)
        : BatchEndpoint.IsStream(request) ? ingest
        : CloudEventHeaders.Of(request.Headers) is { } attributes ? new BinaryCloudEventIntake(ingest, attributes)
        : ingest;

    private static async Task<(IngestSummary? Summary, ProblemHttpResult? Refusal)> ReadLimitedAsync(
        HttpContext context, BatchEndpoint endpoint, LimitedIntake intake)
    {
        try
        {
            return await endpoint.ReadAsync(context, intake);
        }
        catch (TooManyEventsException e)
        {
            return (null, RateLimitSetup.Refused(context, e.Wait, e.PerSecond, "events"));
        }
    }
}
