using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace ProfileService.Hosting;

/// <summary>Replies for what will pass.</summary>
internal static class Problems
{
    private const string SecondsToRetry = "1";

    /// <summary>503 with Retry-After.</summary>
    public static ProblemHttpResult Unavailable(HttpContext context, string detail)
    {
        context.Response.Headers[HeaderNames.RetryAfter] = SecondsToRetry;
        return TypedResults.Problem(detail, statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
