using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace ProfileService.Windows.Codec;

/// <summary>Appends bytes to a span, which is replaced by a pooled array when it becomes too small.</summary>
internal ref struct ByteWriter(Span<byte> initial)
{
    public const int UuidBytes = 16;
    public const int UuidLength = 36; // characters

    private Span<byte> _buffer = initial;
    private byte[]? _rented;
    private int _length;

    public readonly ReadOnlySpan<byte> Written => _buffer[.._length];

    public void WriteByte(byte value) => Take(1)[0] = value;

    public void WriteDouble(double value) => BinaryPrimitives.WriteDoubleLittleEndian(Take(8), value);

    public void WriteSingle(float value) => BinaryPrimitives.WriteSingleLittleEndian(Take(sizeof(float)), value);

    /// <summary>Writes seven bits per byte, lowest first; the high bit is set if more bytes follow.</summary>
    public void WriteVarint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            WriteByte((byte)(value | 0x80));
        WriteByte((byte)value);
    }

    /// <summary>A varint with the sign in the lowest bit (zigzag).</summary>
    public void WriteSignedVarint(long value) => WriteVarint((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>Length in bytes as a varint, then UTF-8.</summary>
    public void WriteString(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        WriteVarint((ulong)length);
        Encoding.UTF8.GetBytes(value, Take(length));
    }

    /// <summary>Length as a varint, then the bytes.</summary>
    public void WriteBytes(scoped ReadOnlySpan<byte> bytes)
    {
        WriteVarint((ulong)bytes.Length);
        bytes.CopyTo(Take(bytes.Length));
    }

    /// <summary>
    /// As <see cref="WriteString"/>, but a UUID in lower case is written as the length 0, which no id has, and its 16 bytes in the order of
    /// its text.
    /// </summary>
    public void WriteId(string id)
    {
        if (id.Length == UuidLength && Guid.TryParseExact(id, "D", out var uuid) && IsSpelled(uuid, id))
        {
            WriteByte(0);
            uuid.TryWriteBytes(Take(UuidBytes), bigEndian: true, out _);
        }
        else
        {
            WriteString(id);
        }
    }

    /// <summary>Reserves a number of bytes, which the caller must fill before it writes anything else.</summary>
    public Span<byte> Take(int count)
    {
        if (_length + count > _buffer.Length)
            Grow(_length + count);
        _length += count;
        return _buffer.Slice(_length - count, count);
    }

    /// <summary>Returns the written bytes. Nothing may be written afterwards.</summary>
    public readonly byte[] End()
    {
        var written = Written.ToArray();
        Dispose();
        return written;
    }

    public readonly void Dispose()
    {
        if (_rented is not null)
            ArrayPool<byte>.Shared.Return(_rented);
    }

    // A different spelling, such as upper case, is a different id.
    private static bool IsSpelled(Guid uuid, string id)
    {
        Span<char> spelled = stackalloc char[UuidLength];
        return uuid.TryFormat(spelled, out _) && id.AsSpan().SequenceEqual(spelled);
    }

    private void Grow(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, 2 * _buffer.Length));
        Written.CopyTo(larger);
        Dispose();
        _buffer = _rented = larger;
    }
}
