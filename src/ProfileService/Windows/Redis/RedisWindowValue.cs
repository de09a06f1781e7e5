using System.Buffers.Binary;

namespace ProfileService.Windows;

/// <summary>
/// The value of a window's key. A head, its numbers little-endian: revision (8 bytes), the Unix time in ms when something last came (8),
/// where the events begin (4) and end (4), a 0, the version of the window's bytes (1), 1 where a given id may look like a derived one (1),
/// where the room behind them ends (4), the number of events (4), the newest one's timestamp (8) and one that none is older than (8). Then the events,
/// and behind them room for more, so that most appends write a few bytes in place (docs/storage.md has the figures). A head of the former
/// layout ends with the version, where this one has its 0: such a value is read, and written anew when it changes.
/// </summary>
internal static class RedisWindowValue
{
    public const int RevisionEnd = 8;
    public const int TouchedEnd = 16;
    public const int NewestAt = 35;
    private const int RoomShare = 12; // a twelfth of the events' bytes

    private const int BeginAt = TouchedEnd;
    private const int EndAt = 20;
    private const int LayoutAt = 24;
    private const int VersionAt = 25;
    private const int DoubtfulAt = 26;
    private const int LimitAt = 27;
    private const int CountAt = 31;
    private const int OldestAt = 43;
    private const int HeadBytes = 51;
    private const int FormerHeadBytes = 25;

    // How a given id begins that may look like a derived one; may also stand within another text.
    private static ReadOnlySpan<byte> LikeDerivedId => [UserEvent.DerivedIdLength, (byte)'d', (byte)'-'];

    /// <summary>The window in a value; null where the key does not exist. A value that is none is handed on without bytes, to fail where windows are decoded.</summary>
    public static EncodedWindow? Read(byte[]? value)
    {
        if (value is null)
            return null;
        if (Find(value) is not { } found)
            return new EncodedWindow(0, []);
        return new EncodedWindow(BinaryPrimitives.ReadInt64LittleEndian(value), [found.Version, .. found.Events.Span]);
    }

    /// <summary>What to write so that <paramref name="value"/>, null where there is none, becomes the window: in place where the newest events only are new and fit in.</summary>
    public static RedisWindowWrite Change(byte[]? value, EncodedWindow window, long touched)
    {
        var events = window.Bytes.AsSpan(1);
        if (value is not null && Find(value) is { IsFormer: false } old && old.Version == window.Bytes[0])
        {
            var kept = KeptBy(old.Events.Span, events);
            var (begin, end) = (EndOf(value) - kept, EndOf(value) + events.Length - kept);
            if (kept > 0 && end <= value.Length)
            {
                var head = new byte[HeadBytes];
                WriteHead(head, window.Revision, touched, begin, end, value.Length, events);
                return new RedisWindowWrite(head, EndOf(value), events[kept..].ToArray());
            }
        }

        return new RedisWindowWrite(New(window.Revision, touched, events), 0, []);
    }

    /// <summary>The value of a window that was not there before; its version is the codec's.</summary>
    public static byte[] New(long revision, long touched, ReadOnlySpan<byte> events)
    {
        var value = new byte[HeadBytes + events.Length + (events.Length / RoomShare)];
        WriteHead(value, revision, touched, HeadBytes, HeadBytes + events.Length, value.Length, events);
        events.CopyTo(value.AsSpan(HeadBytes));
        return value;
    }

    /// <summary>The part of a value's head by which a commit sees that nothing changed, the same in both layouts; nothing where there is no value.</summary>
    public static ReadOnlyMemory<byte> StampOf(byte[]? value) => value is null ? default : value.AsMemory(0, Math.Min(LayoutAt + 1, value.Length));

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

    private static void WriteHead(Span<byte> head, long revision, long touched, int begin, int end, int limit, ReadOnlySpan<byte> events)
    {
        var (count, oldest, newest) = WindowCodec.Measure(events);
        BinaryPrimitives.WriteInt64LittleEndian(head, revision);
        BinaryPrimitives.WriteInt64LittleEndian(head[RevisionEnd..], touched);
        BinaryPrimitives.WriteInt32LittleEndian(head[BeginAt..], begin);
        BinaryPrimitives.WriteInt32LittleEndian(head[EndAt..], end);
        head[LayoutAt] = 0;
        head[VersionAt] = WindowCodec.Version;
        head[DoubtfulAt] = (byte)(events.IndexOf(LikeDerivedId) >= 0 ? 1 : 0);
        BinaryPrimitives.WriteInt32LittleEndian(head[LimitAt..], limit);
        BinaryPrimitives.WriteInt32LittleEndian(head[CountAt..], count);
        BinaryPrimitives.WriteInt64LittleEndian(head[NewestAt..], newest);
        BinaryPrimitives.WriteInt64LittleEndian(head[OldestAt..], oldest);
    }

    private static (bool IsFormer, byte Version, ReadOnlyMemory<byte> Events)? Find(byte[] value)
    {
        var isFormer = value.Length > LayoutAt && value[LayoutAt] != 0;
        var head = isFormer ? FormerHeadBytes : HeadBytes;
        return value.Length >= head && BeginOf(value) is var begin && begin >= head && EndOf(value) is var end && begin <= end && end <= value.Length
            ? (isFormer, value[isFormer ? LayoutAt : VersionAt], value.AsMemory(begin, end - begin))
            : null;
    }

    private static int BeginOf(byte[] value) => BinaryPrimitives.ReadInt32LittleEndian(value.AsSpan(BeginAt));

    private static int EndOf(byte[] value) => BinaryPrimitives.ReadInt32LittleEndian(value.AsSpan(EndAt));
}
