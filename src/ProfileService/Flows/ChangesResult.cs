using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Options;
using ProfileService.Intake;
using ProfileService.Platform;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace ProfileService.Flows;

/// <summary>A page of changes as lines of JSON. The last line has the cursor: an answer without it was cut off.</summary>
/// <param name="first">What was there when the request came; if that is nothing, the response begins, and waits for more.</param>
internal sealed class ChangesResult(ChangeFeed feed, FollowRequest request, ChangePage first) : IResult
{
    private const int FlushEach = 64; // lines

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, aborted) = (httpContext.Response, httpContext.RequestAborted);
        var time = httpContext.RequestServices.GetRequiredService<TimeProvider>();
        httpContext.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout(); // wait bounds it
        response.ContentType = BatchEndpoint.Ndjson;
        var page = first;
        if (page.Changes.Count == 0 && request.Wait > TimeSpan.Zero)
        {
            await response.StartAsync(aborted);
            await httpContext.FlushAsync(time, aborted);
            page = await WaitAsync(page.Next, aborted);
        }

        var options = httpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        using var lines = new LineWriter(response.BodyWriter, options.Encoder, request.Vectors);
        foreach (var (number, change) in page.Changes.Index())
        {
            lines.Write(change);
            lines.EndLine();
            if (number % FlushEach == FlushEach - 1)
                await httpContext.FlushAsync(time, aborted);
        }

        lines.Write(page.Next);
        lines.EndLine();
        await httpContext.FlushAsync(time, aborted);
    }

    /// <summary>If a store fails, the answer ends without a change; the next request is told what is wrong.</summary>
    private async Task<ChangePage> WaitAsync(ChangeCursor after, CancellationToken cancellationToken)
    {
        try
        {
            return await feed.WaitAsync(after, request, request.Wait, cancellationToken);
        }
        catch (Exception e) when (StoreFailure.Is(e) || e is OverloadedException)
        {
            return new ChangePage([], after);
        }
    }
}
