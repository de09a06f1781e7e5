using System.Buffers;

namespace ProfileService.Platform;

/// <summary>200 with a body that is written by hand: head first, then part by part into the server's own buffers.</summary>
/// <param name="length">Null if it is not known beforehand.</param>
/// <param name="parts">Each needs to stand until the next one is asked for.</param>
internal sealed class WrittenBody(string contentType, long? length, IEnumerable<ReadOnlyMemory<byte>> parts) : IResult
{
    /// <summary>Bytes after which what is written is sent on, so that a long answer is not held whole.</summary>
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
            if ((await body.FlushAsync(cancellationToken)).IsCompleted) // the client has gone
                return;
            unflushed = 0;
        }

        // At a request's end the server flushes only if something was never flushed; the last stretch after another it would keep for ever.
        await body.FlushAsync(cancellationToken);
    }
}
