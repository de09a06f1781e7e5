using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using ProfileService.Hosting;

namespace ProfileService.Events;

/// <summary>The door in: <c>POST /v1/events</c>.</summary>
internal static class EventsApi
{
    public const string Ndjson = "application/x-ndjson";
    private const string Json = "application/json";

    public static void MapEvents(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/events", PostEvents)
            .WithTags("Events")
            .WithSummary("Take in user events")
            .WithDescription("""
                One event object, an array of up to 1,000, or a stream of any length as application/x-ndjson, one object a line.
                The verdict is per event: one bad event costs the others nothing. 202 means stored: the events survive a crash of the service.
                An event whose id is known counts as a duplicate, one that is older than its user's window as late; neither is an error.
                A body that cannot be read, or of which every event is rejected, is 400.
                """)
            .Accepts<PostedEvent>(Json, Ndjson)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithRequestTimeout(RequestLimits.NoTimeout) // a stream may last; Kestrel's minimum data rate ends one that stalls
            .RequireRateLimiting(RequestLimits.Ingest);

    private static async Task<Results<Accepted<IngestSummary>, ProblemHttpResult>> PostEvents(
        HttpRequest request, JsonEventReader json, NdjsonEventReader ndjson, ProfileMetrics metrics, CancellationToken cancellationToken)
    {
        try
        {
            var read = await ReadAsync(request, json, ndjson, cancellationToken);
            metrics.CountRejected(read?.Rejected ?? 0);
            return read switch
            {
                null => TypedResults.Problem($"Send {Json} or {Ndjson}.", statusCode: StatusCodes.Status415UnsupportedMediaType),
                { Rejected: > 0 } summary when summary.Rejected == summary.Total => NothingTaken(summary),
                { } summary => TypedResults.Accepted((string?)null, summary),
            };
        }
        catch (UnreadableBodyException e)
        {
            return TypedResults.Problem(e.Message, statusCode: e.Status, extensions: new Dictionary<string, object?>
            {
                ["code"] = e.Code,
                ["line"] = e.Line,
                ["byte"] = e.ByteInLine,
            });
        }
    }

    private static async Task<IngestSummary?> ReadAsync(
        HttpRequest request, JsonEventReader json, NdjsonEventReader ndjson, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || type.Charset.Value is { Length: > 0 } and not ("utf-8" or "UTF-8"))
            return null;
        var isStream = type.MediaType.Equals(Ndjson, StringComparison.OrdinalIgnoreCase);
        if (!isStream && !type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase))
            return null;

        // The readers bound what they hold themselves: an array by Events:MaxBodyBytes, a stream line by line.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        return isStream
            ? await ndjson.ReadAsync(request.BodyReader, cancellationToken)
            : await json.ReadAsync(request.BodyReader, cancellationToken);
    }

    private static ProblemHttpResult NothingTaken(IngestSummary summary) =>
        TypedResults.Problem(
            $"Every event was rejected. The first: {summary.Problems[0].Detail}",
            statusCode: StatusCodes.Status400BadRequest,
            extensions: new Dictionary<string, object?>
            {
                ["accepted"] = summary.Accepted,
                ["duplicates"] = summary.Duplicates,
                ["late"] = summary.Late,
                ["rejected"] = summary.Rejected,
                ["problems"] = summary.Problems,
            });
}
