using System.Buffers;
using System.IO.Compression;

namespace ProfileService.Cli.Input;

internal static class Gzip
{
    public static ReadOnlySpan<byte> Magic => [0x1f, 0x8b];

    public static bool Begins(ReadOnlySequence<byte> head) =>
        head.Length >= Magic.Length && head.Slice(0, Magic.Length).ToArray().AsSpan().SequenceEqual(Magic);

    public static Stream Open(Stream compressed) => new GZipStream(compressed, CompressionMode.Decompress);
}
