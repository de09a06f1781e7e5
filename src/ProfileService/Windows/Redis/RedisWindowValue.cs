using System.Buffers.Binary;

namespace ProfileService.Windows;

/// <summary>
/// The value of a window's key. A head, its numbers little-endian: revision (8 bytes), the Unix time in ms when something last came (8),
/// how many of the events that lie there fell out, the oldest of them (4), where the events end (4), a 255, the version of the window's
/// bytes (1), 1 where a given id may look like a derived one (1), how many events count (4), the newest one's timestamp (8), where the
/// room behind them ends (4), and a timestamp that none of those that count is older than (8). Then the events, and behind them room for
/// more, so that most appends write a few bytes in place (docs/storage.md has the figures). Values of two former layouts are read, and
/// written anew when they change: they have where the events begin in place of how many fell out. One has a 0 where this one has its
/// 255, the other the version there, and the events at once.
/// </summary>
internal static class RedisWindowValue
{
    public const int RevisionEnd = 8;
    public const int TouchedEnd = 16;

    private const int RoomShare = 8; // an eighth of the events' bytes

    private const int FallenAt = TouchedEnd;
    private const int BeginAt = TouchedEnd; // in the former layouts
    private const int EndAt = 20;
    private const int LayoutAt = 24;
    private const int VersionAt = 25;
    private const int DoubtfulAt = 26;
    private const int CountAt = 27;
    private const int NewestAt = 31;
    private const int LimitAt = 39;
    private const int OldestAt = 43;
    private const int HeadBytes = 51;
    private const int OldestHeadBytes = 25;

    private const byte Layout = 255;
    private const byte FormerLayout = 0;

    /// <summary>What a head has from <see cref="LayoutAt"/> on where a script may add to the window.</summary>
    public static ReadOnlySpan<byte> State => [Layout, WindowCodec.Version, 0];

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
        if (value is not null && Find(value) is { IsCurrent: true } old && old.Version == window.Bytes[0])
        {
            var (kept, fallen) = KeptBy(old.Events.Span, events);
            var end = EndOf(value) + events.Length - kept;
            if (kept > 0 && end <= value.Length)
            {
                var head = new byte[HeadBytes];
                WriteHead(head, window.Revision, touched, FallenOf(value) + fallen, end, value.Length, events);
                return new RedisWindowWrite(head, EndOf(value), events[kept..].ToArray());
            }
        }

        return new RedisWindowWrite(New(window.Revision, touched, events), 0, []);
    }

    /// <summary>The value of a window that was not there before; its version is the codec's.</summary>
    private static byte[] New(long revision, long touched, ReadOnlySpan<byte> events)
    {
        var value = new byte[HeadBytes + events.Length + (events.Length / RoomShare)];
        WriteHead(value, revision, touched, 0, HeadBytes + events.Length, value.Length, events);
        events.CopyTo(value.AsSpan(HeadBytes));
        return value;
    }

    /// <summary>The part of a value's head by which a commit sees that nothing changed, the same in all layouts; nothing where there is no value.</summary>
    public static ReadOnlyMemory<byte> StampOf(byte[]? value) => value is null ? default : value.AsMemory(0, Math.Min(LayoutAt + 1, value.Length));

    /// <summary>The number in a part of a value that was read alone; null where the key does not exist.</summary>
    public static long? ReadNumber(byte[]? part) => part is { Length: 8 } ? BinaryPrimitives.ReadInt64LittleEndian(part) : null;

    /// <summary>The revision at a place in the reply of <see cref="RedisWindowScripts.Revisions"/>; null where there is no window.</summary>
    public static long? ReadRevision(ReadOnlySpan<byte> revisions, int place) =>
        BinaryPrimitives.ReadInt64LittleEndian(revisions[(place * RevisionEnd)..]) is not 0 and var revision ? revision : null;

    /// <summary>How many bytes of the old events, from one of them to their end, the new ones begin with, and how many come before that one.</summary>
    private static (int Bytes, int Fallen) KeptBy(ReadOnlySpan<byte> old, ReadOnlySpan<byte> events)
    {
        var fallen = 0;
        for (; !old.IsEmpty && !events.StartsWith(old); fallen++)
            old = old[WindowCodec.LengthOfFirst(old)..];
        return (old.Length, fallen);
    }

    private static void WriteHead(Span<byte> head, long revision, long touched, int fallen, int end, int limit, ReadOnlySpan<byte> events)
    {
        var (count, oldest, newest) = WindowCodec.Measure(events);
        BinaryPrimitives.WriteInt64LittleEndian(head, revision);
        BinaryPrimitives.WriteInt64LittleEndian(head[RevisionEnd..], touched);
        BinaryPrimitives.WriteInt32LittleEndian(head[FallenAt..], fallen);
        BinaryPrimitives.WriteInt32LittleEndian(head[EndAt..], end);
        State.CopyTo(head[LayoutAt..]);
        head[DoubtfulAt] = (byte)(events.IndexOf(LikeDerivedId) >= 0 ? 1 : 0);
        BinaryPrimitives.WriteInt32LittleEndian(head[CountAt..], count);
        BinaryPrimitives.WriteInt64LittleEndian(head[NewestAt..], newest);
        BinaryPrimitives.WriteInt32LittleEndian(head[LimitAt..], limit);
        BinaryPrimitives.WriteInt64LittleEndian(head[OldestAt..], oldest);
    }

    private static Found? Find(byte[] value)
    {
        if (value.Length <= LayoutAt)
            return null;
        var layout = value[LayoutAt];
        var head = layout is Layout or FormerLayout ? HeadBytes : OldestHeadBytes;
        if (value.Length < head || (layout == Layout ? BeginAfter(value, FallenOf(value)) : BeginOf(value)) is not { } begin)
            return null;
        var end = EndOf(value);
        return begin >= head && begin <= end && end <= value.Length
            ? new Found(layout == Layout, value[head == HeadBytes ? VersionAt : LayoutAt], value.AsMemory(begin, end - begin))
            : null;
    }

    /// <summary>Where the events begin of which so many fell out; null where they are none.</summary>
    private static int? BeginAfter(byte[] value, int fallen)
    {
        var events = new ByteReader(value.AsSpan(HeadBytes));
        try
        {
            for (; fallen > 0; fallen--)
                events.ReadBytes();
            return value.Length - events.Left;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static int FallenOf(byte[] value) => BinaryPrimitives.ReadInt32LittleEndian(value.AsSpan(FallenAt));

    private static int BeginOf(byte[] value) => BinaryPrimitives.ReadInt32LittleEndian(value.AsSpan(BeginAt));

    private static int EndOf(byte[] value) => BinaryPrimitives.ReadInt32LittleEndian(value.AsSpan(EndAt));

    private readonly record struct Found(bool IsCurrent, byte Version, ReadOnlyMemory<byte> Events);
}
