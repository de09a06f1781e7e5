using System.IO.Compression;

namespace ProfileService.Intake;

/// <summary>
/// A body that comes as gzip (RFC 1952), as it was before. A few bytes can stand for very many, so that what comes out is bounded by what
/// went in, beside the bounds that hold for any body.
/// </summary>
internal sealed class GzipBody : ForwardStream
{
    /// <summary>Most bytes that one byte of gzip may stand for; it is 10 in the demo's events.</summary>
    public const int MaxRatio = 200;

    private const int FreeBytes = 1 << 20; // of a body of any ratio

    private readonly CountedBody _packed;
    private readonly GZipStream _plain;
    private long _read;

    public GzipBody(Stream body)
    {
        _packed = new CountedBody(body);
        _plain = new GZipStream(_packed, CompressionMode.Decompress);
    }

    /// <exception cref="UnreadableBodyException">It is no gzip, breaks off, or stands for too much.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        try
        {
            read = await _plain.ReadAsync(buffer, cancellationToken);
        }
        catch (InvalidDataException)
        {
            throw new UnreadableBodyException(
                StatusCodes.Status400BadRequest,
                "malformed_gzip",
                "The body is no gzip, is damaged or breaks off, though Content-Encoding says gzip. Send it again, whole.");
        }

        _read += read;
        if (_read > FreeBytes && _read / MaxRatio > _packed.BytesRead)
        {
            throw UnreadableBodyException.TooLarge(
                $"A byte of gzip may stand for at most {MaxRatio} bytes. Send the body as it is, without Content-Encoding.");
        }

        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _plain.Dispose();
        base.Dispose(disposing);
    }
}
