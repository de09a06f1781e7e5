using System.IO.Pipelines;

namespace ProfileService.Platform;

/// <summary>Response 200 whose body is written part by part into the server's own buffers, after the headers.</summary>
/// <param name="length">Content-Length; null if it is not known beforehand.</param>
/// <param name="parts">Each part needs to stay valid only until the next one is requested.</param>
internal sealed class StreamedResult(string contentType, long? length, IEnumerable<ReadOnlyMemory<byte>> parts) : IResult
{
    /// <summary>
    /// Parts are copied together into blocks of the server's, for to ask it for room costs more than to copy a short part. Each block is
    /// sent when it is full, so that a long response is not held in memory.
    /// </summary>
    private const int MaxBlockBytes = 1 << 16;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, cancellationToken) = (httpContext.Response, httpContext.RequestAborted);
        response.ContentType = contentType;
        response.ContentLength = length;
        await response.StartAsync(cancellationToken);
        var (body, block, used) = (response.BodyWriter, Memory<byte>.Empty, 0);
        foreach (var part in parts)
        {
            for (var rest = part; rest.Length > 0;)
            {
                if (used == block.Length)
                {
                    if (used > 0 && !await SendAsync(body, used, cancellationToken))
                        return;
                    (block, used) = (body.GetMemory((int)Math.Min(length ?? MaxBlockBytes, MaxBlockBytes)), 0);
                }

                var fits = Math.Min(rest.Length, block.Length - used);
                rest[..fits].CopyTo(block[used..]);
                (rest, used) = (rest[fits..], used + fits);
            }
        }

        // At the end of a request the server flushes only if nothing was flushed before; otherwise the last block would never be sent.
        await SendAsync(body, used, cancellationToken);
    }

    /// <summary>Sends what was written. Returns false if the client has disconnected.</summary>
    private static async ValueTask<bool> SendAsync(PipeWriter body, int bytes, CancellationToken cancellationToken)
    {
        if (bytes > 0) // the server refuses to advance in a block that nobody asked for
            body.Advance(bytes);
        return !(await body.FlushAsync(cancellationToken)).IsCompleted;
    }
}
