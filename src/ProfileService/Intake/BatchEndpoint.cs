using System.Net.Mime;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using ProfileService.Platform;

namespace ProfileService.Intake;

/// <summary>What the batch endpoints (events, items, attributes) share: content types, limits and error responses.</summary>
internal sealed class BatchEndpoint(JsonBodyReader json, NdjsonBodyReader ndjson, Drain drain)
{
    public const string Ndjson = "application/x-ndjson";
    public const string MergePatch = "application/merge-patch+json";
    public const string Json = MediaTypeNames.Application.Json;

    private const string Gzip = "gzip";

    /// <summary>
    /// Reads and stores the entries of the request body: an object, an array or a stream. Returns a problem if the body as a whole is
    /// refused.
    /// </summary>
    public async Task<(IngestSummary? Summary, ProblemHttpResult? Refusal)> ReadAsync<T>(HttpContext context, IIntake<T> intake)
        where T : class
    {
        if (UnsupportedReason(context, $"{Json} or {Ndjson}") is { } reason)
            return (null, Unsupported(reason));
        LeaveBoundToReader(context);
        Unpack(context.Request);
        try
        {
            return (IsStream(context.Request)
                ? await ReadStreamAsync(context, intake, drain.Ended)
                : await json.ReadAsync(context.Request.BodyReader, context.Request.ContentLength, intake, context.RequestAborted), null);
        }
        catch (UnreadableBodyException e)
        {
            return (null, Unreadable(e));
        }
    }

    /// <summary>Parses the request's single JSON object. Returns a problem if the body or the object is invalid.</summary>
    /// <param name="maxBytes">Longest body; at most <see cref="JsonObjectReader.MaxBytes"/>.</param>
    public async Task<(T? Parsed, ProblemHttpResult? Refusal)> ReadOneAsync<T>(
        HttpContext context, ParseOne<T> parse, int maxBytes = JsonObjectReader.MaxBytes)
        where T : class
    {
        if (UnsupportedReason(context, Json) is { } reason)
            return (null, Unsupported(reason));
        LeaveBoundToReader(context);
        Unpack(context.Request);
        try
        {
            var (parsed, problem) = await json.ParseAsync(context.Request.BodyReader, context.Request.ContentLength, maxBytes, body =>
            {
                var reader = JsonText.Reader(body);
                reader.Read();
                var one = parse(ref reader, 0, out var wrong);
                reader.Read(); // throws if something follows the object
                return (one, wrong);
            }, context.RequestAborted);
            return (parsed, problem is null ? null : Refused(problem));
        }
        catch (UnreadableBodyException e)
        {
            return (null, Unreadable(e));
        }
    }

    /// <summary>The response if every entry of a request was rejected.</summary>
    /// <param name="noun">What one entry is called, such as "event".</param>
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
    /// Reads a stream without a time limit. The server's minimum data rate ends a stream that stalls, and the end of the drain ends every
    /// stream.
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
            throw new OverloadedException(
                "The service is stopping. Send the stream again: entries that are stored already are not stored twice.");
        }
    }

    /// <summary>
    /// Disables the server's limit on the body size. The readers enforce their own limits: Events:MaxBodyBytes for an array, and a limit
    /// per line for a stream. The server would close the connection while the client still sends, and the client would not see the
    /// response.
    /// </summary>
    private static void LeaveBoundToReader(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
    }

    public static bool IsStream(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals(Ndjson, StringComparison.OrdinalIgnoreCase);

    // The router refuses types that the route does not declare, but takes any +json, such as a merge patch, for application/json.
    private static string? UnsupportedReason(HttpContext context, string types) =>
        !MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) || !IsDeclared(context, type)
            ? $"Send {types} as Content-Type."
            : UnsupportedReason(context.Request, type);

    private static bool IsDeclared(HttpContext context, MediaTypeHeaderValue type) =>
        context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>() is not { } accepts
        || accepts.ContentTypes.Any(declared => type.MediaType.Equals(declared, StringComparison.OrdinalIgnoreCase));

    private static string? UnsupportedReason(HttpRequest request, MediaTypeHeaderValue type) =>
        HeaderUtilities.RemoveQuotes(type.Charset) is { Length: > 0 } charset && !IsUtf8(charset)
            ? $"Send UTF-8, not {ShortText.Of(charset.ToString())}."
        : request.Headers.ContentEncoding is not { Count: > 0 } encoding || encoding == "identity" || IsGzip(request) ? null
        : encoding == "" ? "Content-Encoding is empty. Send the body uncompressed and without it, or as gzip."
        : $"Send the body uncompressed or as gzip, not with Content-Encoding {ShortText.Of(encoding.ToString())}.";

    private static bool IsGzip(HttpRequest request) =>
        request.Headers.ContentEncoding is [var encoding] && string.Equals(encoding, Gzip, StringComparison.OrdinalIgnoreCase);

    private static void Unpack(HttpRequest request)
    {
        if (!IsGzip(request))
            return;
        var plain = new GzipBody(request.BodyReader);
        request.HttpContext.Response.RegisterForDispose(plain);
        request.Body = plain;
    }

    private static bool IsUtf8(StringSegment charset) =>
        charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || charset.Equals("utf8", StringComparison.OrdinalIgnoreCase);

    private static ProblemHttpResult Unsupported(string reason) =>
        Problems.Of(StatusCodes.Status415UnsupportedMediaType, ErrorCodes.UnsupportedMediaType, reason);

    private static ProblemHttpResult Unreadable(UnreadableBodyException e) =>
        Problems.Of(e.Status, e.Code, e.Message, field: null, e.Line is null ? [] : [new("line", e.Line), new("byte", e.ByteInLine)]);

    private static ProblemHttpResult Refused(EntryProblem problem) => Problems.Bad(problem.Code, problem.Field, problem.Detail);
}
