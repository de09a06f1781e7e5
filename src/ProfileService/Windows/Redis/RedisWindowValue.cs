using System.Buffers.Binary;

namespace ProfileService.Windows;

/// <summary>
/// The value of a window's key. A head: revision (8 bytes), the Unix time in ms when something last came (8), where the events begin
/// (4) and end (4), all little-endian, and the version of the window's bytes (1); then the events, and behind them room for more, so
/// that most appends write a few bytes in place (docs/storage.md has the figures).
/// </summary>
internal static class RedisWindowValue
{
    public const int RevisionEnd = 8;
    public const int TouchedEnd = 16;

    private const int BeginAt = TouchedEnd;
    private const int EndAt = 20;
    private const int VersionAt = 24;
    private const int HeadBytes = 25;
    private const int RoomShare = 12; // a twelfth of the events' bytes

    /// <summary>The window in a value; null where the key does not exist. A value that is none is handed on without bytes, to fail where windows are decoded.</summary>
    public static EncodedWindow? Read(byte[]? value)
    {
        if (value is null)
            return null;
        if (Events(value) is not { } events)
            return new EncodedWindow(0, []);
        var bytes = new byte[1 + events.Length];
        bytes[0] = value[VersionAt];
        events.CopyTo(bytes.AsMemory(1));
        return new EncodedWindow(BinaryPrimitives.ReadInt64LittleEndian(value), bytes);
    }

    /// <summary>What to write so that <paramref name="value"/>, null where there is none, becomes the window: in place where the newest events only are new and fit in.</summary>
    public static RedisWindowWrite Change(byte[]? value, EncodedWindow window, long touched)
    {
        var events = window.Bytes.AsSpan(1);
        if (value is not null && Events(value) is { } old && value[VersionAt] == window.Bytes[0])
        {
            var kept = KeptBy(old.Span, events);
            var (begin, end) = (BeginOf(value) + old.Length - kept, EndOf(value) + events.Length - kept);
            if (kept > 0 && end <= value.Length)
                return new RedisWindowWrite(Head(window, touched, begin, end), EndOf(value), events[kept..].ToArray());
        }

        var anew = new byte[HeadBytes + events.Length + (events.Length / RoomShare)];
        Head(window, touched, HeadBytes, HeadBytes + events.Length).CopyTo(anew, 0);
        events.CopyTo(anew.AsSpan(HeadBytes));
        return new RedisWindowWrite(anew, 0, []);
    }

    /// <summary>The head as it lies in a value, by which a commit sees that nothing changed; nothing where there is no value.</summary>
    public static ReadOnlyMemory<byte> HeadOf(byte[]? value) => value is null ? default : value.AsMemory(0, Math.Min(HeadBytes, value.Length));

    /// <summary>The number in a part of a value that was read alone; null where the key does not exist.</summary>
    public static long? ReadNumber(byte[]? part) => part is { Length: 8 } ? BinaryPrimitives.ReadInt64LittleEndian(part) : null;

    /// <summary>The revision at a place in the reply of <see cref="RedisWindowScripts.Revisions"/>; null where there is no window.</summary>
    public static long? ReadRevision(ReadOnlySpan<byte> revisions, int place) =>
        BinaryPrimitives.ReadInt64LittleEndian(revisions[(place * RevisionEnd)..]) is not 0 and var revision ? revision : null;

    /// <summary>How many bytes of the old events, from one of them to their end, the new ones begin with.</summary>
    private static int KeptBy(ReadOnlySpan<byte> old, ReadOnlySpan<byte> events)
    {
        while (!old.IsEmpty && !events.StartsWith(old))
            old = old[WindowCodec.LengthOfFirst(old)..];
        return old.Length;
    }

    private static byte[] Head(EncodedWindow window, long touched, int begin, int end)
    {
        var head = new byte[HeadBytes];
        BinaryPrimitives.WriteInt64LittleEndian(head, window.Revision);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(RevisionEnd), touched);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(BeginAt), begin);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(EndAt), end);
        head[VersionAt] = window.Bytes[0];
        return head;
    }

    private static ReadOnlyMemory<byte>? Events(byte[] value) =>
        value.Length >= HeadBytes && BeginOf(value) is >= HeadBytes and var begin && EndOf(value) is var end && begin <= end && end <= value.Length
            ? value.AsMemory(begin, end - begin)
            : default(ReadOnlyMemory<byte>?);

    private static int BeginOf(byte[] value) => BinaryPrimitives.ReadInt32LittleEndian(value.AsSpan(BeginAt));

    private static int EndOf(byte[] value) => BinaryPrimitives.ReadInt32LittleEndian(value.AsSpan(EndAt));
}
