using System.Data.Common;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;

namespace ProfileService.Hosting;

/// <summary>What broke on the way to a reply, as problem+json: a request that cannot be read 4xx, a store that fails 503, the rest 500.</summary>
internal sealed class FailureHandler : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var reply = exception switch
        {
            BadHttpRequestException { InnerException: JsonException json } bad =>
                TypedResults.Problem($"The body is no such JSON at line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1} (field {json.Path}).", statusCode: bad.StatusCode),
            BadHttpRequestException bad => TypedResults.Problem(bad.Message, statusCode: bad.StatusCode),
            DbException or IOException => Problems.Unavailable(httpContext, "A store does not answer. What was not acknowledged was not stored; try again."),
            _ => TypedResults.Problem("The service failed. The log says why, under the trace id.", statusCode: StatusCodes.Status500InternalServerError),
        };
        await reply.ExecuteAsync(httpContext);
        return true;
    }
}
