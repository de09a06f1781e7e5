using System.IO.Compression;
using System.IO.Pipelines;

namespace ProfileService.Intake;

/// <summary>
/// Decompresses a gzip body (RFC 1952). A few compressed bytes can expand to very many, and very many to nothing; therefore the ratio is
/// limited both ways, in addition to the limits for every body.
/// </summary>
internal sealed class GzipBody : ForwardStream
{
    /// <summary>Maximum ratio of decompressed to compressed bytes; it is 10 for the demo's events.</summary>
    public const int MaxRatio = 200;

    private const int FreeBytes = 1 << 20; // up to which any ratio is allowed

    private readonly CountedBody _compressed;
    private readonly GZipStream _decompressed;
    private long _read;

    public GzipBody(PipeReader body)
    {
        _compressed = new CountedBody(body, () => FreeBytes + (2 * _read));
        _decompressed = new GZipStream(_compressed, CompressionMode.Decompress);
    }

    /// <exception cref="UnreadableBodyException">The body is not gzip, is incomplete, or exceeds the ratio.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        try
        {
            read = await _decompressed.ReadAsync(buffer, cancellationToken);
        }
        catch (InvalidDataException)
        {
            throw Malformed();
        }

        if (read == 0 && buffer.Length > 0 && !_compressed.HasEnded) // the decompressor passes over what is no further member
            throw Malformed();
        _read += read;
        if (_read > FreeBytes && _read / MaxRatio > _compressed.BytesRead)
        {
            throw UnreadableBodyException.TooLarge(
                $"A gzip body may expand to at most {MaxRatio} times its size. Send the body uncompressed, without Content-Encoding.");
        }

        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _decompressed.Dispose();
        base.Dispose(disposing);
    }

    private static UnreadableBodyException Malformed() => new(
        StatusCodes.Status400BadRequest,
        "malformed_gzip",
        "The body is not gzip, is damaged, is incomplete or has data after its end, although Content-Encoding is gzip. "
        + "Send all of it again.");
}
