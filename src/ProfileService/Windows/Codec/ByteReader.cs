using System.Buffers.Binary;
using System.Text;

namespace ProfileService.Windows.Codec;

/// <summary>Reads what <see cref="ByteWriter"/> wrote.</summary>
/// <exception cref="InvalidDataException">Thrown by every method if the bytes end too early or are invalid.</exception>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private const int LongestVarint = 10;

    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool AtEnd => _rest.IsEmpty;

    public readonly int Left => _rest.Length;

    /// <summary>The bytes that are not read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    public byte ReadByte() => Take(1)[0];

    public double ReadDouble() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    public float ReadSingle() => BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float)));

    public ulong ReadVarint()
    {
        if (!_rest.IsEmpty && _rest[0] is < 0x80 and var small) // the usual case
        {
            _rest = _rest[1..];
            return small;
        }

        var value = 0UL;
        for (var i = 0; i < LongestVarint; i++)
        {
            var b = ReadByte();
            value |= (ulong)(b & 0x7f) << (7 * i);
            if (b < 0x80)
                return value;
        }

        throw new InvalidDataException("The window's bytes hold a number that never ends.");
    }

    public long ReadSignedVarint()
    {
        var value = ReadVarint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public ReadOnlySpan<byte> ReadBytes() => Take(ReadVarint());

    public string ReadId()
    {
        var id = ReadIdBytes(out var isUuid);
        return isUuid ? new Guid(id, bigEndian: true).ToString() : Encoding.UTF8.GetString(id);
    }

    /// <summary>An id as stored: UTF-8, or the 16 bytes of a UUID.</summary>
    public ReadOnlySpan<byte> ReadIdBytes(out bool isUuid)
    {
        var length = ReadVarint();
        isUuid = length == 0;
        return Take(isUuid ? ByteWriter.UuidBytes : length);
    }

    public void SkipId() => ReadIdBytes(out _);

    public string ReadString() => Encoding.UTF8.GetString(ReadBytes());

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)_rest.Length)
            throw new InvalidDataException("The window's bytes end too early.");
        var taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }
}
