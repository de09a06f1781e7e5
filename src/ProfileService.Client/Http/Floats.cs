using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ProfileService.Client;

/// <summary>Reads the little-endian float32 of an answer.</summary>
internal static class Floats
{
    public const string ContentType = "application/octet-stream";

    private const int BufferBytes = 1 << 16;

    public static float[] Of(ReadOnlySpan<byte> bytes)
    {
        var floats = MemoryMarshal.Cast<byte, float>(bytes).ToArray();
        ToNativeOrder(floats);
        return floats;
    }

    /// <summary>Fills the caller's memory.</summary>
    /// <exception cref="EndOfStreamException">The answer holds less.</exception>
    public static async Task ReadAsync(HttpContent content, Memory<float> target, CancellationToken cancellationToken)
    {
        var body = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            for (var (done, total) = (0, checked(sizeof(float) * target.Length)); done < total;)
            {
                var room = buffer.AsMemory(0, Math.Min(buffer.Length, total - done));
                var read = await body.ReadAsync(room, cancellationToken).ConfigureAwait(false);
                if (read == 0)
                    throw new EndOfStreamException($"The answer ended after {done:N0} of {total:N0} bytes.");
                buffer.AsSpan(0, read).CopyTo(MemoryMarshal.AsBytes(target.Span)[done..]);
                done += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        ToNativeOrder(target.Span);
    }

    private static void ToNativeOrder(Span<float> littleEndian)
    {
        if (BitConverter.IsLittleEndian)
            return;
        var bits = MemoryMarshal.Cast<float, int>(littleEndian);
        BinaryPrimitives.ReverseEndianness(bits, bits);
    }
}
