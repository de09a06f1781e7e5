using System.Buffers;

namespace ProfileService.Tests;

/// <summary>Bytes in two pieces, as a body has them that came in two.</summary>
internal sealed class Segments : ReadOnlySequenceSegment<byte>
{
    public static ReadOnlySequence<byte> Of(byte[] first, byte[] second)
    {
        var end = new Segments { Memory = second, RunningIndex = first.Length };
        return new ReadOnlySequence<byte>(new Segments { Memory = first, Next = end }, 0, end, second.Length);
    }
}
