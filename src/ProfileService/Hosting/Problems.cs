using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace ProfileService.Hosting;

/// <summary>Problem replies that more than one door gives.</summary>
internal static class Problems
{
    private const string SecondsToRetry = "1";

    /// <summary>Says what to do next where the framework only gave a status.</summary>
    public static void Explain(ProblemDetailsContext context) => context.ProblemDetails.Detail ??= context.ProblemDetails.Status switch
    {
        StatusCodes.Status404NotFound => "There is nothing at this address; /swagger lists what there is.",
        StatusCodes.Status405MethodNotAllowed => "This address takes another method; see the Allow header or /swagger.",
        StatusCodes.Status415UnsupportedMediaType => "This address takes another Content-Type; /swagger lists which.",
        _ => null,
    };

    /// <summary>503 with Retry-After.</summary>
    public static ProblemHttpResult Unavailable(HttpContext context, string detail)
    {
        context.Response.Headers[HeaderNames.RetryAfter] = SecondsToRetry;
        return TypedResults.Problem(detail, statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
