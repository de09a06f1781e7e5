using System.Net.Mime;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using ProfileService.Platform;

namespace ProfileService.Intake;

/// <summary>What the doors that take in things by the batch have in common: body types, bounds, and the words of a refusal.</summary>
internal sealed class BatchDoor(JsonBodyReader json, NdjsonBodyReader ndjson, Drain drain)
{
    public const string Ndjson = "application/x-ndjson";
    public const string Json = MediaTypeNames.Application.Json;

    private const string Gzip = "gzip";

    /// <summary>Takes in the request's body, an object, an array or a stream; or says why it cannot be taken in at all.</summary>
    public async Task<(IngestSummary? Summary, ProblemHttpResult? Refusal)> ReadAsync<T>(HttpContext context, IIntake<T> intake)
        where T : class
    {
        if (UnsupportedReason(context.Request, $"{Json} or {Ndjson}") is { } reason)
            return (null, Unsupported(reason));
        LeaveBoundToReader(context);
        Unpack(context.Request);
        try
        {
            return (IsStream(context.Request)
                ? await ReadStreamAsync(context, intake, drain.Ended)
                : await json.ReadAsync(context.Request.BodyReader, intake, context.RequestAborted), null);
        }
        catch (UnreadableBodyException e)
        {
            return (null, Unreadable(e));
        }
    }

    /// <summary>What <paramref name="parse"/> makes of the request's one JSON object, or its problem or the body's as a reply.</summary>
    public async Task<(T? Parsed, ProblemHttpResult? Refusal)> ReadOneAsync<T>(HttpContext context, ParseOne<T> parse)
        where T : class
    {
        if (UnsupportedReason(context.Request, Json) is { } reason)
            return (null, Unsupported(reason));
        LeaveBoundToReader(context);
        Unpack(context.Request);
        try
        {
            var (parsed, problem) = await json.ParseAsync(context.Request.BodyReader, JsonObject.MaxBytes, body =>
            {
                var reader = JsonText.Reader(body);
                reader.Read();
                var one = parse(ref reader, 0, out var wrong);
                reader.Read(); // throws where something follows the object
                return (one, wrong);
            }, context.RequestAborted);
            return (parsed, problem is null ? null : Refused(problem));
        }
        catch (UnreadableBodyException e)
        {
            return (null, Unreadable(e));
        }
    }

    /// <summary>The reply where nothing of a request was taken.</summary>
    /// <param name="noun">What one of the things is called.</param>
    public static ProblemHttpResult NothingTaken(IngestSummary summary, string noun, params (string Name, long Count)[] others)
    {
        var verdicts = new Dictionary<string, object?> { ["accepted"] = summary.Accepted };
        foreach (var (name, count) in others)
            verdicts[name] = count;
        verdicts["rejected"] = summary.Rejected;
        verdicts["problems"] = summary.Problems;
        if (summary.UnknownFields is { } unknown)
            verdicts["unknownFields"] = unknown;
        var first = summary.Problems[0];
        return Problems.Of(
            StatusCodes.Status400BadRequest, first.Code, $"Every {noun} was rejected. The first: {first.Detail}", first.Field, verdicts);
    }

    /// <summary>
    /// A stream may take as long as data flows (the server's minimum data rate ends one that stalls), but not hold up a stop.
    /// </summary>
    private async Task<IngestSummary> ReadStreamAsync<T>(HttpContext context, IIntake<T> intake, CancellationToken stopping)
        where T : class
    {
        context.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            return await ndjson.ReadAsync(context.Request.BodyReader, intake, either.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw new OverloadedException("The service is stopping. Send the stream again: what is stored already is not stored twice.");
        }
    }

    /// <summary>
    /// The readers bound what they hold themselves: an array by Events:MaxBodyBytes, a stream line by line. The server would end the
    /// connection of a larger body while the client still sends, which then would not see the answer.
    /// </summary>
    private static void LeaveBoundToReader(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
    }

    private static bool IsStream(HttpRequest request) =>
        MediaTypeHeaderValue.Parse(request.ContentType).MediaType.Equals(Ndjson, StringComparison.OrdinalIgnoreCase);

    // What is neither of the two types is refused before it comes here, by what the doors' Accepts declares.
    private static string? UnsupportedReason(HttpRequest request, string types) =>
        !MediaTypeHeaderValue.TryParse(request.ContentType, out var type) ? $"Send {types} as Content-Type."
        : HeaderUtilities.RemoveQuotes(type.Charset) is { Length: > 0 } charset && !IsUtf8(charset)
            ? $"Send UTF-8, not {ShortText.Of(charset.ToString())}."
        : request.Headers.ContentEncoding is { Count: > 0 } encoding && encoding != "identity" && !IsGzip(request)
            ? $"Send the body as it is or as gzip, not with Content-Encoding {ShortText.Of(encoding.ToString())}."
        : null;

    private static bool IsGzip(HttpRequest request) =>
        request.Headers.ContentEncoding is [var encoding] && string.Equals(encoding, Gzip, StringComparison.OrdinalIgnoreCase);

    private static void Unpack(HttpRequest request)
    {
        if (!IsGzip(request))
            return;
        var plain = new GzipBody(request.Body);
        request.HttpContext.Response.RegisterForDispose(plain);
        request.Body = plain;
    }

    private static bool IsUtf8(StringSegment charset) =>
        charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || charset.Equals("utf8", StringComparison.OrdinalIgnoreCase);

    private static ProblemHttpResult Unsupported(string reason) =>
        Problems.Of(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", reason);

    private static ProblemHttpResult Unreadable(UnreadableBodyException e) =>
        Problems.Of(e.Status, e.Code, e.Message, field: null, e.Line is null ? [] : [new("line", e.Line), new("byte", e.ByteInLine)]);

    private static ProblemHttpResult Refused(EntryProblem problem) => Problems.Bad(problem.Code, problem.Field, problem.Detail);
}
