using System.Buffers;
using System.IO.Pipelines;

namespace ProfileService.Intake;

/// <summary>A compressed body as a stream that counts what is read.</summary>
/// <param name="most">How many bytes may be read by now.</param>
internal sealed class CountedBody(PipeReader body, Func<long> most) : ForwardStream
{
    public long BytesRead { get; private set; }

    /// <summary>Whether a read has found nothing more.</summary>
    public bool HasEnded { get; private set; }

    /// <exception cref="UnreadableBodyException">There is more than may be read.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await RequestBody.ReadAsync(body, cancellationToken);
        var some = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, buffer.Length));
        var count = (int)some.Length; // before the memory is given back
        some.CopyTo(buffer.Span);
        body.AdvanceTo(some.End);
        BytesRead += count;
        HasEnded = count == 0;
        if (BytesRead > most())
        {
            throw UnreadableBodyException.TooLarge(
                "The gzip body is much longer than what it expands to. Send the body uncompressed, without Content-Encoding.");
        }

        return count;
    }
}
