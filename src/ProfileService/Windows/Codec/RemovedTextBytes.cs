using System.Buffers.Binary;

namespace ProfileService.Windows.Codec;

/// <summary>
/// What stands in the place of a removed text: a byte with which no UTF-8 begins, and the score (float32, little-endian) if there is one.
/// The score is kept exactly, so that a profile is what it was with the text.
/// </summary>
internal static class RemovedTextBytes
{
    private const byte Mark = 0xFF;
    private const int WithScore = 1 + sizeof(float);

    public static bool Are(ReadOnlySpan<byte> text) => text is [Mark, ..];

    public static void Write(ref ByteWriter output, RemovedText removed)
    {
        Span<byte> bytes = stackalloc byte[WithScore];
        bytes[0] = Mark;
        if (removed.Score is { } score)
            BinaryPrimitives.WriteSingleLittleEndian(bytes[1..], score);
        output.WriteBytes(removed.Score is null ? bytes[..1] : bytes);
    }

    /// <exception cref="InvalidDataException">The bytes have another length.</exception>
    public static RemovedText Read(ReadOnlySpan<byte> text) => text.Length switch
    {
        1 => new RemovedText(null),
        WithScore => new RemovedText(BinaryPrimitives.ReadSingleLittleEndian(text[1..])),
        _ => throw new InvalidDataException("The window's bytes hold a removed text that cannot be read."),
    };
}
