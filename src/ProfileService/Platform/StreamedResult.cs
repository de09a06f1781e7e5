using System.IO.Pipelines;

namespace ProfileService.Platform;

/// <summary>Response 200 whose body is written part by part into the server's own buffers, after the headers.</summary>
/// <param name="length">Content-Length; null if it is not known beforehand.</param>
/// <param name="parts">Each part needs to stay valid only until the next one is requested.</param>
internal sealed class StreamedResult(string contentType, long? length, IEnumerable<ReadOnlyMemory<byte>> parts) : IResult
{
    // To ask the server for room costs more than to copy a short part into it.
    private const int MostBlockBytes = 1 << 16;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, cancellationToken) = (httpContext.Response, httpContext.RequestAborted);
        response.ContentType = contentType;
        response.ContentLength = length;
        await response.StartAsync(cancellationToken);
        // At the end of a request the server flushes only if nothing was flushed before; otherwise the last block would never be sent.
        foreach (var _ in WriteBlocks(response.BodyWriter))
        {
            if ((await response.BodyWriter.FlushAsync(cancellationToken)).IsCompleted) // the client has disconnected
                return;
        }
    }

    /// <summary>
    /// Copies the parts together into blocks of the server's. Returns after each block, which is to be flushed, so that a long response is
    /// not held in memory.
    /// </summary>
    private IEnumerable<int> WriteBlocks(PipeWriter body)
    {
        var (block, used) = (Memory<byte>.Empty, 0);
        foreach (var part in parts)
        {
            for (var rest = part; rest.Length > 0;)
            {
                if (used == block.Length)
                {
                    if (used > 0)
                    {
                        body.Advance(used);
                        yield return used;
                    }

                    (block, used) = (body.GetMemory((int)Math.Min(length ?? MostBlockBytes, MostBlockBytes)), 0);
                }

                var fits = Math.Min(rest.Length, block.Length - used);
                rest[..fits].CopyTo(block[used..]);
                (rest, used) = (rest[fits..], used + fits);
            }
        }

        if (used > 0) // the server refuses to advance in a block that nobody asked for
            body.Advance(used);
        yield return used;
    }
}
