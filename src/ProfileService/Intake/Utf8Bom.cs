using System.Buffers;

namespace ProfileService.Intake;

/// <summary>Skips the byte order mark that some tools put before UTF-8 text and that JSON does not allow.</summary>
internal static class Utf8Bom
{
    private static ReadOnlySpan<byte> Mark => [0xef, 0xbb, 0xbf];

    public static ReadOnlySequence<byte> Skip(ReadOnlySequence<byte> text)
    {
        var reader = new SequenceReader<byte>(text);
        return reader.IsNext(Mark) ? text.Slice(Mark.Length) : text;
    }

    public static ReadOnlySpan<byte> Skip(ReadOnlySpan<byte> text) => text.StartsWith(Mark) ? text[Mark.Length..] : text;
}
