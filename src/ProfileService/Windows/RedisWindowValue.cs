using System.Buffers.Binary;

namespace ProfileService.Windows;

/// <summary>
/// The value of a window's key: revision (8 bytes) and the Unix time in ms when something last came (8 bytes), both little-endian,
/// then the window's bytes.
/// </summary>
internal static class RedisWindowValue
{
    public const int RevisionEnd = 8;
    public const int TouchedEnd = 16;

    public static byte[] Of(EncodedWindow window, long touched)
    {
        var value = new byte[TouchedEnd + window.Bytes.Length];
        BinaryPrimitives.WriteInt64LittleEndian(value, window.Revision);
        BinaryPrimitives.WriteInt64LittleEndian(value.AsSpan(RevisionEnd), touched);
        window.Bytes.CopyTo(value.AsSpan(TouchedEnd));
        return value;
    }

    /// <summary>The window in a value; null where the key does not exist. A value too short to be one is handed on, to fail where windows are decoded.</summary>
    public static EncodedWindow? Read(byte[]? value) =>
        value is null ? null
        : value.Length < TouchedEnd ? new EncodedWindow(0, value)
        : new EncodedWindow(BinaryPrimitives.ReadInt64LittleEndian(value), value[TouchedEnd..]);

    /// <summary>A revision as its bytes in a value; none for a window that does not exist.</summary>
    public static byte[] RevisionBytes(EncodedWindow? window)
    {
        if (window is null)
            return [];
        var bytes = new byte[RevisionEnd];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, window.Revision);
        return bytes;
    }

    /// <summary>The number in a part of a value that was read alone; null where the key does not exist.</summary>
    public static long? ReadNumber(byte[]? part) => part is { Length: 8 } ? BinaryPrimitives.ReadInt64LittleEndian(part) : null;
}
