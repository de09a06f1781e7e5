using System.Buffers.Binary;
using ProfileService.Platform;
using ProfileService.Windows.Codec;
using static ProfileService.Windows.Redis.Layout.RedisWindowLayout;

namespace ProfileService.Windows.Redis.Layout;

/// <summary>
/// The value of a window's key: a head (<see cref="RedisWindowLayout"/>) with a checksum, the events, and room for more, filled with zeros,
/// so that most appends write a few bytes in place (docs/storage.md has the figures). Events that fell out stay before the others until the
/// whole value is rewritten. An altered value is refused as a whole. Values of former layouts (<see cref="RedisFormerValue"/>) are read,
/// and rewritten when they change.
/// </summary>
internal static class RedisWindowValue
{
    /// <summary>The bytes of a head at <see cref="LayoutAt"/> if a script may append to the window.</summary>
    public static ReadOnlySpan<byte> State => [CurrentLayout, WindowCodec.Version, 0];

    // The beginning of a given id that looks like a derived one. The bytes may also occur in another text.
    private static ReadOnlySpan<byte> LikeDerivedId => [WindowEvent.DerivedIdLength, (byte)'d', (byte)'-'];

    /// <summary>
    /// The window in a value; null if the key does not exist, <see cref="EncodedWindow.Altered"/> if the value is no window or was altered.
    /// </summary>
    public static EncodedWindow? Read(string userId, byte[]? value)
    {
        if (value is null)
            return null;
        if (Find(userId, value) is not { } found || RevisionOf(value) is not { } revision)
            return EncodedWindow.Altered;
        return new EncodedWindow(revision, [found.Version, .. found.Events.Span]);
    }

    /// <summary>
    /// What to write to change <paramref name="value"/> to the window. It is written in place if only the newest events are new and fit
    /// into the room.
    /// </summary>
    /// <param name="value">The stored value; null if there is none.</param>
    public static RedisWindowWrite Change(string userId, byte[]? value, EncodedWindow window, long touched)
    {
        var events = window.Bytes.AsSpan(1);
        if (value is not null && Find(userId, value) is { IsCurrent: true } old && old.Version == window.Bytes[0])
        {
            var (kept, fallen) = KeptBy(old.Events.Span, events);
            var (start, end) = (EndOf(value), EndOf(value) + events.Length - kept);
            if (kept > 0 && end <= value.Length)
            {
                var head = new byte[HeadBytes];
                byte[] stored = [.. value.AsSpan(HeadBytes..start), .. events[kept..]];
                WriteHead(head, userId, new(window.Revision, touched, end, FallenOf(value) + fallen, value.Length), events, stored);
                return new RedisWindowWrite(head, start, events[kept..].ToArray());
            }
        }

        return new RedisWindowWrite(New(userId, window.Revision, touched, events), 0, []);
    }

    /// <summary>
    /// A value with the same revision, without old texts, also of the events that fell out; null if the value has none, or cannot be read.
    /// A value of a former layout is replaced anyway.
    /// </summary>
    /// <param name="window">The value's window.</param>
    public static byte[]? WithoutTexts(string userId, byte[] value, Window window, TextRemoval removal)
    {
        var changed = removal.Apply(window);
        if (RevisionOf(value) is not { } revision || (changed is null && IsCurrent(value) && !FallenHaveOldTexts(userId, value, removal)))
            return null;
        // Whoever changes a window compares its version key. The time of the last change is one ms earlier, so that the key differs,
        // whatever the lengths are: with the former key a change could write the texts again, or a tail at a wrong offset.
        var touched = BinaryPrimitives.ReadInt64LittleEndian(value.AsSpan(TouchedAt)) - 1;
        return New(userId, revision, touched, WindowCodec.Encode(changed ?? window).AsSpan(1));
    }

    /// <summary>
    /// The value with newer events appended and without those that fall out, for a script that found no room for them; null if the value is
    /// refused.
    /// </summary>
    /// <param name="most">Maximum number of events of a window.</param>
    public static byte[]? Push(string userId, byte[] value, ReadOnlySpan<byte> newer, int most, long touched)
    {
        if (Find(userId, value) is not { IsCurrent: true } old || RevisionOf(value) is not { } revision)
            return null;
        var added = WindowCodec.Measure(newer).Count;
        var kept = old.Events.Span;
        for (var fallen = WindowCodec.Measure(kept).Count + added - most; fallen > 0; fallen--)
            kept = kept[WindowCodec.LengthOfFirst(kept)..];
        return New(userId, revision + added, touched, [.. kept, .. newer]);
    }

    /// <summary>
    /// The part of a value's head by which a commit detects changes, the same in all layouts; empty if there is no value.
    /// </summary>
    public static ReadOnlyMemory<byte> VersionKeyOf(byte[]? value) =>
        value is null ? default : value.AsMemory(0, Math.Min(LayoutAt + 1, value.Length));

    /// <summary>Whether a value claims to have the current layout.</summary>
    public static bool IsCurrent(byte[] value) => value.Length > LayoutAt && value[LayoutAt] == CurrentLayout;

    /// <summary>The revision of a value; null if it cannot be read.</summary>
    public static long? RevisionOf(byte[] value) =>
        value.Length >= TouchedAt && ReadRevision(value) is var revision and not CheckedRevision.Altered ? revision : null;

    /// <summary>The revision, from the beginning of a value; null if the key does not exist.</summary>
    public static long? ReadRevision(ReadOnlySpan<byte> part) => part.IsEmpty ? null
        : part.Length < TouchedAt ? CheckedRevision.Altered
        : CheckedRevision.Open(BinaryPrimitives.ReadInt64LittleEndian(part[RevisionAt..]));

    /// <summary>The time of the last change, from that part of a value; null if the part is missing.</summary>
    public static long? ReadTouched(byte[]? part) =>
        part is { Length: EndAt - TouchedAt } ? BinaryPrimitives.ReadInt64LittleEndian(part) : null;

    /// <summary>Whether old texts of events that fell out are still in a value.</summary>
    private static bool FallenHaveOldTexts(string userId, byte[] value, TextRemoval removal) =>
        FallenOf(value) > 0 && BeginOf(userId, value) is { } begin
        && WindowCodec.Decode(userId, [value[VersionAt], .. value.AsSpan(HeadBytes..begin)]).Events.Any(removal.Concerns);

    /// <summary>A new value with these events, which have the codec's version.</summary>
    private static byte[] New(string userId, long revision, long touched, ReadOnlySpan<byte> events)
    {
        var value = new byte[HeadBytes + events.Length + (events.Length / RoomShare)];
        WriteHead(value, userId, new(revision, touched, HeadBytes + events.Length, 0, value.Length), events, events);
        events.CopyTo(value.AsSpan(HeadBytes));
        return value;
    }

    /// <summary>
    /// Number of bytes at the end of the old events with which the new events begin, and the number of old events before these bytes.
    /// </summary>
    private static (int Bytes, int Fallen) KeptBy(ReadOnlySpan<byte> old, ReadOnlySpan<byte> events)
    {
        var fallen = 0;
        for (; !old.IsEmpty && !events.StartsWith(old); fallen++)
            old = old[WindowCodec.LengthOfFirst(old)..];
        return (old.Length, fallen);
    }

    /// <param name="events">The events of the window.</param>
    /// <param name="stored">The same events after those that fell out.</param>
    private static void WriteHead(Span<byte> head, string userId, Numbers numbers, ReadOnlySpan<byte> events, ReadOnlySpan<byte> stored)
    {
        var (count, oldest, newest) = WindowCodec.Measure(events);
        BinaryPrimitives.WriteInt64LittleEndian(head[RevisionAt..], CheckedRevision.Seal(numbers.Revision));
        BinaryPrimitives.WriteInt64LittleEndian(head[TouchedAt..], numbers.Touched);
        BinaryPrimitives.WriteInt32LittleEndian(head[EndAt..], numbers.End);
        BinaryPrimitives.WriteInt32LittleEndian(head[FallenAt..], numbers.Fallen);
        State.CopyTo(head[LayoutAt..]);
        head[DoubtfulAt] = (byte)(events.IndexOf(LikeDerivedId) >= 0 ? 1 : 0);
        BinaryPrimitives.WriteInt32LittleEndian(head[CountAt..], count);
        BinaryPrimitives.WriteInt64LittleEndian(head[NewestAt..], newest);
        BinaryPrimitives.WriteInt32LittleEndian(head[LimitAt..], numbers.Limit);
        BinaryPrimitives.WriteInt64LittleEndian(head[OldestAt..], oldest);
        BinaryPrimitives.WriteUInt32LittleEndian(head[SumAt..], RedisWindowSum.Of(userId, head, stored));
    }

    /// <summary>The events of a value; null if the value is found to be altered.</summary>
    private static Found? Find(string userId, byte[] value)
    {
        if (value.Length <= LayoutAt)
            return null;
        if (!IsCurrent(value))
            return RedisFormerValue.Find(value) is { } former ? new Found(false, former.Version, former.Events) : null;
        return BeginOf(userId, value) is { } begin ? new Found(true, value[VersionAt], value.AsMemory(begin..EndOf(value))) : null;
    }

    /// <summary>Offset of the first event of the window; null if the value was altered.</summary>
    private static int? BeginOf(string userId, ReadOnlySpan<byte> value)
    {
        if (value.Length < HeadBytes || IntAt(value, LimitAt) != value.Length)
            return null;
        var (end, fallen) = (IntAt(value, EndAt), IntAt(value, FallenAt));
        if (end < HeadBytes || end > value.Length || fallen < 0 || value[end..].ContainsAnyExcept((byte)0))
            return null;
        try
        {
            var stored = value[HeadBytes..end];
            if (BinaryPrimitives.ReadUInt32LittleEndian(value[SumAt..]) != RedisWindowSum.Of(userId, value, stored))
                return null;
            for (; fallen > 0; fallen--)
                stored = stored[WindowCodec.LengthOfFirst(stored)..];
            return end - stored.Length;
        }
        catch (InvalidDataException)
        {
            return null; // the events have no end
        }
    }

    private static int FallenOf(byte[] value) => IntAt(value, FallenAt);

    private static int EndOf(byte[] value) => IntAt(value, EndAt);

    private static int IntAt(ReadOnlySpan<byte> value, int at) => BinaryPrimitives.ReadInt32LittleEndian(value[at..]);

    private readonly record struct Found(bool IsCurrent, byte Version, ReadOnlyMemory<byte> Events);

    /// <summary>Numbers of a head that cannot be computed from the events.</summary>
    private readonly record struct Numbers(long Revision, long Touched, int End, int Fallen, int Limit);
}
