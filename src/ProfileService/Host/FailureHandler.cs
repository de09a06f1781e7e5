using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Beacon;
using ProfileService.Events;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Host;

/// <summary>
/// Turns exceptions into problem+json responses: 4xx for an unreadable request, 503 for a failed store or overload, otherwise 500.
/// </summary>
internal sealed partial class FailureHandler(Drain drain, TimeProvider time, ILogger<FailureHandler> logger) : IExceptionHandler
{
    private static readonly TimeSpan StoreLogInterval = TimeSpan.FromSeconds(1); // an unavailable store fails every request

    private long _loggedAt;
    private long _failedSince;

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (drain.HasBegun) // the headers that were set before are gone
            ConnectionClose.Ask(httpContext);
        else if (exception is BadHttpRequestException { StatusCode: not StatusCodes.Status413PayloadTooLarge })
            ConnectionClose.TryAsk(httpContext); // nobody can tell where the next request would begin
        var reply = exception switch
        {
            BadHttpRequestException bad => Unreadable(httpContext, bad),
            OverloadedException => Problems.Unavailable(httpContext, exception.Message, OverloadedException.Code),
            OtherModelException => Problems.Unavailable(httpContext, exception.Message, OtherModelException.Code),
            _ when StoreFailure.Is(exception) => StoreFailed(httpContext, exception),
            UnreadableWindowException => Problems.Of(
                StatusCodes.Status500InternalServerError, ErrorCodes.WindowUnreadable, exception.Message), // the log names the user already
            NotFiniteException => Failed(httpContext, exception, NotFiniteException.Code, exception.Message),
            _ => Failed(httpContext, exception, "internal_error", "The service failed. Its log gives the reason under the trace id."),
        };
        await reply.ExecuteAsync(httpContext);
        return true;
    }

    // The framework's own message names its options instead of telling the client what to do.
    private static ProblemHttpResult Unreadable(HttpContext httpContext, BadHttpRequestException bad) => bad.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => Problems.Of(bad.StatusCode, ErrorCodes.TooLarge, TooLarge(httpContext)),
        StatusCodes.Status408RequestTimeout => Problems.Of(
            bad.StatusCode,
            "too_slow",
            "The body arrived too slowly (Hosting:MinDataRate, Hosting:RequestTimeout). Send it faster, or less at once; "
            + "entries of a stream that are stored already are not stored twice."),
        _ => Problems.Of(bad.StatusCode, "bad_request", "The request is incomplete or not valid HTTP. Send all of it again."),
    };

    private static string TooLarge(HttpContext httpContext) =>
        httpContext.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize is { } most
            ? $"The body may have at most {most:N0} bytes at this address. Send less at once."
            : "The body is too large. Send less at once.";

    private ProblemHttpResult StoreFailed(HttpContext httpContext, Exception exception)
    {
        var (failed, last, now) = (Interlocked.Increment(ref _failedSince), Interlocked.Read(ref _loggedAt), time.GetTimestamp());
        if ((last == 0 || time.GetElapsedTime(last, now) >= StoreLogInterval)
            && Interlocked.CompareExchange(ref _loggedAt, now, last) == last)
        {
            Interlocked.Exchange(ref _failedSince, 0);
            LogStore(failed, StoreFailure.CauseOf(exception).Message);
        }

        var (what, again) = StoreFailure.IsRefusal(exception)
            ? ("A store refuses this, as a full or read-only one does; /health/ready and the log say why.", "Try again when it is mended")
            : ("A store does not respond.", "Try again");
        var rest = TakesEvents(httpContext) ? ": events already stored are then counted as duplicates." : ".";
        return Problems.Unavailable(httpContext, $"{what} {again}{rest}", "store_unavailable");
    }

    private static bool TakesEvents(HttpContext httpContext) =>
        httpContext.Features.Get<IExceptionHandlerFeature>()?.Endpoint is RouteEndpoint
        {
            RoutePattern.RawText: EventsApi.Path or BeaconApi.Path,
        };

    private ProblemHttpResult Failed(HttpContext httpContext, Exception exception, string code, string detail)
    {
        LogFailure(exception, Activity.Current?.Id ?? httpContext.TraceIdentifier); // the same id as in the problem
        return Problems.Of(StatusCodes.Status500InternalServerError, code, detail);
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "{Requests} requests were answered with 503 because a store failed. The last reason: {Reason}")]
    private partial void LogStore(long requests, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A request failed, trace id {TraceId}")]
    private partial void LogFailure(Exception exception, string? traceId);
}
