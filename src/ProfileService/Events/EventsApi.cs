using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Intake;
using ProfileService.Platform;

namespace ProfileService.Events;

/// <summary>The door in: <c>POST /v1/events</c>.</summary>
internal static class EventsApi
{
    public static void MapEvents(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/events", PostEvents)
            .RefusesEarly(routes.ServiceProvider.GetRequiredService<IngestLimits>().Early)
            .WithTags("Events")
            .WithSummary("Take in user events")
            .WithDescription("""
                One event object, an array of up to 1,000, or a stream of any length as application/x-ndjson, one object a line.
                The verdict is per event: one bad event costs the others nothing. 202 means stored: the events survive a crash of the service.
                An event whose id is known counts as a duplicate, one that is older than its user's window as late; neither is an error.
                A body that cannot be read, or of which every event is rejected, is 400.
                """)
            .Accepts<PostedEvent>(BatchDoor.Json, BatchDoor.Ndjson)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status408RequestTimeout)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Results<Accepted<IngestSummary>, ProblemHttpResult>> PostEvents(HttpContext context, BatchDoor door, EventIngest ingest, ProfileMetrics metrics)
    {
        var (summary, refusal) = await door.ReadAsync(context, ingest);
        if (summary is null)
            return refusal!;
        metrics.CountEvents(ProfileMetrics.Rejected, summary.Rejected);
        return summary.AllRejected
            ? BatchDoor.NothingTaken(summary, ingest.Noun, ("duplicates", summary.Duplicates), ("late", summary.Late))
            : TypedResults.Accepted((string?)null, summary);
    }
}
