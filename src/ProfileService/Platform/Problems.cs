using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace ProfileService.Platform;

/// <summary>
/// Builds every error response: a status, a code for programs, a detail for people, and the field if one is at fault.
/// </summary>
internal static class Problems
{
    public const string SecondsToRetry = "1";
    private const string Code = "code";

    public static ProblemHttpResult Of(
        int status, string code, string detail, string? field = null, IEnumerable<KeyValuePair<string, object?>>? more = null)
    {
        var extensions = new Dictionary<string, object?> { [Code] = code };
        if (field is not null)
            extensions["field"] = field;
        foreach (var (name, value) in more ?? [])
            extensions[name] = value;
        return TypedResults.Problem(detail, statusCode: status, extensions: extensions);
    }

    /// <summary>400: the request is invalid, usually because of one field.</summary>
    public static ProblemHttpResult Bad(string code, string? field, string detail) =>
        Of(StatusCodes.Status400BadRequest, code, detail, field);

    public static ProblemHttpResult NotFound(string code, string detail) => Of(StatusCodes.Status404NotFound, code, detail);

    public static ProblemHttpResult Conflict(string code, string detail) => Of(StatusCodes.Status409Conflict, code, detail);

    /// <summary>503 with Retry-After.</summary>
    public static ProblemHttpResult Unavailable(HttpContext context, string detail, string code = "unavailable")
    {
        context.Response.Headers[HeaderNames.RetryAfter] = SecondsToRetry;
        return Of(StatusCodes.Status503ServiceUnavailable, code, detail);
    }

    /// <summary>Adds a code and a detail to a problem for which the framework gave only a status.</summary>
    public static void Explain(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        var (code, detail) = ByStatus(problem.Status);
        problem.Detail ??= detail;
        problem.Extensions.TryAdd(Code, code);
    }

    /// <summary>The problem for a response that has only a status.</summary>
    public static ProblemHttpResult OfStatus(int status)
    {
        var (code, detail) = ByStatus(status);
        return Of(status, code, detail);
    }

    private static (string Code, string Detail) ByStatus(int? status) => status switch
    {
        StatusCodes.Status404NotFound => ("not_found", "Nothing is served at this address; /swagger lists the routes."),
        StatusCodes.Status405MethodNotAllowed => (
            "method_not_allowed", "This address does not support the method; see the Allow header or /swagger."),
        StatusCodes.Status408RequestTimeout => ("too_slow", "The request arrived too slowly. Send it again, or send less at once."),
        StatusCodes.Status413PayloadTooLarge => (ErrorCodes.TooLarge, "The body is larger than this address accepts. Send less at once."),
        StatusCodes.Status415UnsupportedMediaType => (
            ErrorCodes.UnsupportedMediaType,
            "Send application/json as Content-Type, or application/merge-patch+json with PATCH; "
            + "POST /v1/events, /v1/items, /v1/attributes, "
            + "/v1/purposes and /v1/erasures also accept application/x-ndjson."),
        StatusCodes.Status503ServiceUnavailable => ("unavailable", "The service is temporarily unavailable. Try again."),
        >= 500 => ("internal_error", "The service failed. Its log gives the reason under the trace id."),
        _ => ("bad_request", "The request cannot be read. /swagger shows what this address accepts."),
    };
}
