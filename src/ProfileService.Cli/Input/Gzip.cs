using System.Buffers;
using System.IO.Compression;

namespace ProfileService.Cli.Input;

/// <summary>Decompressed text. What is behind its end, and no gzip, is an error: the decompressor alone would pass over it.</summary>
internal sealed class Gzip : GZipStream
{
    private readonly EndedStream _compressed;

    public Gzip(Stream compressed)
        : this(new EndedStream(compressed))
    {
    }

    private Gzip(EndedStream compressed)
        : base(compressed, CompressionMode.Decompress) => _compressed = compressed;

    public static ReadOnlySpan<byte> Magic => [0x1f, 0x8b];

    public static bool Begins(ReadOnlySequence<byte> head) =>
        head.Length >= Magic.Length && head.Slice(0, Magic.Length).ToArray().AsSpan().SequenceEqual(Magic);

    /// <exception cref="InvalidDataException">It is damaged.</exception>
    /// <exception cref="BehindTheEndException">It goes on behind its end.</exception>
    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = base.Read(buffer, offset, count);
        return read > 0 || count == 0 || _compressed.HasEnded ? read : throw new BehindTheEndException();
    }
}

/// <summary>Something follows the end of compressed text.</summary>
internal sealed class BehindTheEndException() : IOException("Something follows the end of the compressed text.");
