using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Options;
using ProfileService.Platform;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace ProfileService.Flows;

/// <summary>
/// Changes as Server-Sent Events, each with its cursor as id. It ends after some minutes, when the process is about to stop, or when a
/// store fails; clients connect again by themselves, and go on after the last id. So a key that is revoked is refused then.
/// </summary>
internal sealed class ChangeStreamResult(ChangeFeed feed, FollowRequest request, ChangePage first) : IResult
{
    public const string ContentType = "text/event-stream";

    private const int FlushEach = 64; // events

    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestStream = TimeSpan.FromMinutes(5);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
        httpContext.Response.ContentType = ContentType;
        httpContext.Response.Headers.CacheControl = "no-cache";
        var services = httpContext.RequestServices;
        var (drain, time) = (services.GetRequiredService<Drain>(), services.GetRequiredService<TimeProvider>());
        var encoder = services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions.Encoder;
        using var lines = new LineWriter(httpContext.Response.BodyWriter, encoder, request.Vectors);
        try
        {
            var began = time.GetTimestamp();
            await WriteAsync(httpContext, lines, time, () => drain.HasBegun || time.GetElapsedTime(began) > LongestStream);
        }
        catch (Exception e) when (StoreFailure.Is(e) || e is OverloadedException)
        {
        }
    }

    private async Task WriteAsync(HttpContext context, LineWriter lines, TimeProvider time, Func<bool> isOver)
    {
        var mayEnd = first.Changes.Count > 0; // else it waits once, also in a drain: a client that got nothing connects again at once
        for (var page = first; ; page = await feed.WaitAsync(page.Next, request, HeartbeatInterval, context.RequestAborted))
        {
            await WriteAsync(page, context, lines, time);
            if (await context.FlushAsync(time, context.RequestAborted) || (mayEnd && isOver()))
                return;
            mayEnd = true;
        }
    }

    /// <summary>Writes the events of a page; of an empty one, a comment that keeps the connection open.</summary>
    private static async Task WriteAsync(ChangePage page, HttpContext context, LineWriter lines, TimeProvider time)
    {
        var output = context.Response.BodyWriter;
        foreach (var (number, change) in page.Changes.Index())
        {
            output.Write(Encoding.ASCII.GetBytes($"id: {change.Cursor}\ndata: "));
            lines.Write(change);
            output.Write("\n\n"u8);
            if (number % FlushEach == FlushEach - 1)
                await context.FlushAsync(time, context.RequestAborted);
        }

        output.Write(Encoding.ASCII.GetBytes($"id: {page.Next}\n: {(page.Changes.Count > 0 ? "through here" : "heartbeat")}\n\n"));
    }
}
