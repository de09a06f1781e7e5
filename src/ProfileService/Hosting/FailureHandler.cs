using System.Data.Common;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using StackExchange.Redis;

namespace ProfileService.Hosting;

/// <summary>What broke on the way to a reply, as problem+json: a request that cannot be read 4xx, a store that fails 503, the rest 500.</summary>
internal sealed partial class FailureHandler(TimeProvider time, ILogger<FailureHandler> logger) : IExceptionHandler
{
    private static readonly TimeSpan BetweenStoreLogs = TimeSpan.FromSeconds(1); // a store that is gone fails every request

    private long _loggedAt;
    private long _failedSince;

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var reply = exception switch
        {
            BadHttpRequestException bad => Unreadable(bad),
            OverloadedException => Problems.Unavailable(httpContext, exception.Message),
            DbException or RedisException or TimeoutException or IOException => StoreFailed(httpContext, exception),
            InvalidDataException => Failed(httpContext, exception, "The user's stored window cannot be read; its other data is unharmed. The log names the user."),
            _ => Failed(httpContext, exception, "The service failed. The log says why, under the trace id."),
        };
        await reply.ExecuteAsync(httpContext);
        return true;
    }

    private static ProblemHttpResult Unreadable(BadHttpRequestException bad) => TypedResults.Problem(
        bad.InnerException is JsonException json
            ? $"The body does not fit at line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1}, field {json.Path?.TrimStart('$', '.')}; /swagger shows what does."
            : bad.Message,
        statusCode: bad.StatusCode);

    private ProblemHttpResult StoreFailed(HttpContext httpContext, Exception exception)
    {
        var (failed, last, now) = (Interlocked.Increment(ref _failedSince), Interlocked.Read(ref _loggedAt), time.GetTimestamp());
        if ((last == 0 || time.GetElapsedTime(last, now) >= BetweenStoreLogs) && Interlocked.CompareExchange(ref _loggedAt, now, last) == last)
        {
            Interlocked.Exchange(ref _failedSince, 0);
            LogStore(failed, exception.Message);
        }

        return Problems.Unavailable(httpContext, "A store does not answer. Try again; what came through already is a duplicate then.");
    }

    private ProblemHttpResult Failed(HttpContext httpContext, Exception exception, string detail)
    {
        LogFailure(exception, Activity.Current?.Id ?? httpContext.TraceIdentifier); // as the problem names it
        return TypedResults.Problem(detail, statusCode: StatusCodes.Status500InternalServerError);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Requests} requests were answered 503, for a store failed. The last: {Reason}")]
    private partial void LogStore(long requests, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A request failed, trace id {TraceId}")]
    private partial void LogFailure(Exception exception, string? traceId);
}
