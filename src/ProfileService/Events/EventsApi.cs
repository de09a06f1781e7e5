using System.Net.Mime;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Net.Http.Headers;
using ProfileService.Hosting;

namespace ProfileService.Events;

/// <summary>The door in: <c>POST /v1/events</c>.</summary>
internal static class EventsApi
{
    public const string Ndjson = "application/x-ndjson";
    private const string Json = MediaTypeNames.Application.Json;

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
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Results<Accepted<IngestSummary>, ProblemHttpResult>> PostEvents(
        HttpContext context, JsonEventReader json, NdjsonEventReader ndjson, ProfileMetrics metrics, IHostApplicationLifetime lifetime)
    {
        if (UnsupportedReason(context.Request) is { } reason)
            return TypedResults.Problem(reason, statusCode: StatusCodes.Status415UnsupportedMediaType);

        // The readers bound what they hold themselves: an array by Events:MaxBodyBytes, a stream line by line.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        try
        {
            var summary = IsStream(context.Request)
                ? await ReadStreamAsync(context, ndjson, lifetime.ApplicationStopping)
                : await json.ReadAsync(context.Request.BodyReader, context.RequestAborted);
            metrics.CountRejected(summary.Rejected);
            return summary.Rejected > 0 && summary.Rejected == summary.Total
                ? NothingTaken(summary)
                : TypedResults.Accepted((string?)null, summary);
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

    /// <summary>A stream may take as long as data flows (the server's minimum data rate ends one that stalls), but not hold up a stop.</summary>
    private static async Task<IngestSummary> ReadStreamAsync(HttpContext context, NdjsonEventReader ndjson, CancellationToken stopping)
    {
        context.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            return await ndjson.ReadAsync(context.Request.BodyReader, either.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw new OverloadedException("The service is stopping. Send the stream again; what came through already is a duplicate then.");
        }
    }

    private static bool IsStream(HttpRequest request) =>
        MediaTypeHeaderValue.Parse(request.ContentType).MediaType.Equals(Ndjson, StringComparison.OrdinalIgnoreCase);

    // What is neither of the two types is refused before it comes here, by what Accepts declares.
    private static string? UnsupportedReason(HttpRequest request) =>
        !MediaTypeHeaderValue.TryParse(request.ContentType, out var type) ? $"Send {Json} or {Ndjson} as Content-Type."
        : HeaderUtilities.RemoveQuotes(type.Charset) is { Length: > 0 } charset && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) ? $"Send UTF-8, not {charset}."
        : request.Headers.ContentEncoding.Count > 0 && request.Headers.ContentEncoding != "identity" ? $"Send the body as it is, without Content-Encoding {request.Headers.ContentEncoding}."
        : null;

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
