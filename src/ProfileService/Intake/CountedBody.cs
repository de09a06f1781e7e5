using System.Buffers;
using System.IO.Pipelines;

namespace ProfileService.Intake;

/// <summary>A body as a stream that counts what is read.</summary>
internal sealed class CountedBody(PipeReader body) : ForwardStream
{
    public long BytesRead { get; private set; }

    /// <summary>Whether a read has found nothing more.</summary>
    public bool HasEnded { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await RequestBody.ReadAsync(body, cancellationToken);
        var some = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, buffer.Length));
        var count = (int)some.Length; // before the memory is given back
        some.CopyTo(buffer.Span);
        body.AdvanceTo(some.End);
        BytesRead += count;
        HasEnded = count == 0;
        return count;
    }
}
