using System.Buffers;

namespace ProfileService.Platform;

/// <summary>Response 200 whose body is written part by part into the server's own buffers, after the headers.</summary>
/// <param name="length">Content-Length; null if it is not known beforehand.</param>
/// <param name="parts">Each part needs to stay valid only until the next one is requested.</param>
internal sealed class StreamedResult(string contentType, long? length, IEnumerable<ReadOnlyMemory<byte>> parts) : IResult
{
    /// <summary>Number of bytes after which the buffers are flushed, so that a long response is not held in memory.</summary>
    private const int FlushAfter = 1 << 16;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, cancellationToken) = (httpContext.Response, httpContext.RequestAborted);
        response.ContentType = contentType;
        response.ContentLength = length;
        await response.StartAsync(cancellationToken);
        var (body, unflushed) = (response.BodyWriter, 0);
        foreach (var part in parts)
        {
            body.Write(part.Span);
            unflushed += part.Length;
            if (unflushed < FlushAfter)
                continue;
            if ((await body.FlushAsync(cancellationToken)).IsCompleted) // the client has disconnected
                return;
            unflushed = 0;
        }

        // At the end of a request the server flushes only if nothing was flushed before; otherwise the last part would never be sent.
        await body.FlushAsync(cancellationToken);
    }
}
