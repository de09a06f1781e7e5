using System.Buffers;
using System.IO.Compression;

namespace ProfileService.Cli.Input;

internal static class Gzip
{
    public static ReadOnlySpan<byte> Mark => [0x1f, 0x8b];

    public static bool Begins(ReadOnlySequence<byte> head) =>
        head.Length >= Mark.Length && head.Slice(0, Mark.Length).ToArray().AsSpan().SequenceEqual(Mark);

    public static Stream Open(Stream compressed) => new GZipStream(compressed, CompressionMode.Decompress);
}
