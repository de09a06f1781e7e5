using System.Security.Cryptography;

namespace ProfileService.Windows.Codec;

/// <summary>
/// A window as bytes: <c>version</c> (1), then the events oldest first. An event is
/// <c>length flags kind timestamp item [id] [count category…] [value] [text]</c>, where length is a varint of what follows it.
/// An item's or an event's id that is a UUID in lower case takes 17 bytes instead of 37.
/// An event whose text was removed differs in three ways. The kind's byte has the bit <see cref="WithoutText"/>. The score (float32), if
/// there is one, takes the place of the text. The name of an unknown kind comes after the timestamp:
/// <c>length flags kind timestamp [name] item … [score]</c>. Earlier versions of the service know no such kind and refuse the window,
/// whichever version wrote its head, but still find the timestamp.
/// There is one encoding for each window, so that equal windows have equal bytes.
/// </summary>
internal static class WindowCodec
{
    /// <summary>The first byte of every window.</summary>
    public const byte Version = 1;

    /// <summary>Bit of a kind's byte: the text of the event was removed.</summary>
    internal const byte WithoutText = 0x80;

    /// <summary>The index of a kind that is stored by name behind the timestamp.</summary>
    internal const byte NamedBehind = 0x7f;

    private const int TypicalBytes = 512; // of a few events; a longer window uses a pooled buffer

    [Flags]
    internal enum Has : byte
    {
        GivenId = 1,
        Categories = 2,
        IntegerValue = 4,
        DoubleValue = 8,
        Text = 16, // or the score of a text that was removed
        NamedKind = 32, // the kind is stored by name, otherwise by its index in EventKinds
        Milliseconds = 64, // unit of the timestamp, the coarsest exact one; microseconds if neither flag is set
        Seconds = 128,
    }

    public static byte[] Encode(Window window)
    {
        var output = new ByteWriter(stackalloc byte[TypicalBytes]);
        output.WriteByte(Version);
        WriteEvents(ref output, window.Events);
        return output.End();
    }

    /// <summary>Writes events without a version.</summary>
    public static void WriteEvents(ref ByteWriter output, IReadOnlyList<WindowEvent> events)
    {
        for (var i = 0; i < events.Count; i++)
            WriteEvent(ref output, events[i]);
    }

    /// <summary>An event's given id as it is encoded in a window.</summary>
    public static byte[] EncodeId(string id)
    {
        var output = new ByteWriter(stackalloc byte[TypicalBytes]);
        output.WriteId(id);
        return output.End();
    }

    /// <exception cref="InvalidDataException">The bytes are not a window of this version.</exception>
    public static Window Decode(string userId, ReadOnlySpan<byte> bytes)
    {
        var input = new ByteReader(bytes);
        CheckVersion(ref input);
        var events = new List<WindowEvent>();
        while (!input.AtEnd)
            events.Add(ReadEvent(userId, new ByteReader(input.ReadBytes())));
        return new Window(userId, events);
    }

    /// <summary>Number of events in a window's bytes; reads only their lengths.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a window of this version.</exception>
    public static int CountEvents(ReadOnlySpan<byte> bytes)
    {
        var input = new ByteReader(bytes);
        CheckVersion(ref input);
        var count = 0;
        for (; !input.AtEnd; count++)
            input.ReadBytes();
        return count;
    }

    /// <summary>Number of events after the version, and the times of the first and the last; the other times are not read.</summary>
    public static (int Count, long Oldest, long Newest) Measure(ReadOnlySpan<byte> events)
    {
        var input = new ByteReader(events);
        var first = events;
        var last = events;
        var count = 0;
        for (; !input.AtEnd; count++)
        {
            last = input.ReadBytes();
            first = count == 0 ? last : first;
        }

        return count == 0 ? default : (count, TimestampOf(new ByteReader(first)), TimestampOf(new ByteReader(last)));
    }

    /// <summary>Reads the version before the events.</summary>
    internal static void CheckVersion(ref ByteReader input)
    {
        if (input.ReadByte() is var version && version != Version)
            throw new InvalidDataException($"The window has version {version}; this service reads version {Version}.");
    }

    /// <summary>Length of the first event, in bytes. The events are passed without the version.</summary>
    public static int LengthOfFirst(ReadOnlySpan<byte> events)
    {
        var input = new ByteReader(events);
        input.ReadBytes();
        return events.Length - input.Left;
    }

    /// <summary>SHA-256 of the window's bytes in lower-case hex, by which two windows are compared.</summary>
    public static string Digest(Window window) => Convert.ToHexStringLower(SHA256.HashData(Encode(window)));

    /// <summary>
    /// Orders two versions of one event: timestamp, bytes without text, text. A removed text is the greatest: no version that differs in
    /// the text alone replaces it, so that an event that is sent again does not bring its text back.
    /// </summary>
    public static int CompareVersions(WindowEvent x, WindowEvent y)
    {
        var byTime = x.Timestamp.CompareTo(y.Timestamp);
        if (byTime != 0)
            return byTime;
        var byRest = CompareBytes(x with { Text = null, Removed = null }, y with { Text = null, Removed = null });
        if (byRest != 0)
            return byRest;
        var byRemoval = (x.Removed is not null).CompareTo(y.Removed is not null);
        return byRemoval != 0 ? byRemoval : CompareBytes(x, y);
    }

    private static int CompareBytes(WindowEvent x, WindowEvent y) => EncodeEvent(x).AsSpan().SequenceCompareTo(EncodeEvent(y));

    private static byte[] EncodeEvent(WindowEvent e)
    {
        var output = new ByteWriter(stackalloc byte[TypicalBytes]);
        WriteEvent(ref output, e);
        return output.End();
    }

    private static void WriteEvent(ref ByteWriter output, WindowEvent e)
    {
        var body = new ByteWriter(stackalloc byte[TypicalBytes]);
        WriteBody(ref body, e);
        output.WriteBytes(body.Written);
        body.Dispose();
    }

    private static void WriteBody(ref ByteWriter body, WindowEvent e)
    {
        var kind = IndexOfKind(e.Kind);
        var integer = e.Value is { } v && IsSmallInteger(v);
        var (unit, time) = CoarsestExact(e.Timestamp);
        var has = unit
            | (e.GivenId is null ? 0 : Has.GivenId)
            | (e.Categories is { Count: > 0 } ? Has.Categories : 0)
            | (e.Value is null ? 0 : integer ? Has.IntegerValue : Has.DoubleValue)
            | (e.Text is null && e.Removed?.Score is null ? 0 : Has.Text)
            | (kind < 0 && e.Removed is null ? Has.NamedKind : 0);

        body.WriteByte((byte)has);
        if (e.Removed is not null)
            body.WriteByte((byte)(WithoutText | (kind < 0 ? NamedBehind : kind)));
        else if (kind < 0)
            body.WriteString(e.Kind);
        else
            body.WriteByte((byte)kind);
        body.WriteSignedVarint(time);
        if (e.Removed is not null && kind < 0)
            body.WriteString(e.Kind);
        body.WriteId(e.ItemId);
        if (e.GivenId is not null)
            body.WriteId(e.GivenId);
        if (e.Categories is { Count: > 0 } categories)
        {
            body.WriteByte((byte)categories.Count);
            foreach (var category in categories)
                body.WriteString(category);
        }

        if (integer)
            body.WriteSignedVarint((long)e.Value!.Value);
        else if (e.Value is { } value)
            body.WriteDouble(value);
        if (e.Text is not null)
            body.WriteString(e.Text);
        else if (e.Removed?.Score is { } score)
            body.WriteSingle(score);
    }

    private static WindowEvent ReadEvent(string userId, ByteReader body)
    {
        var has = (Has)body.ReadByte();
        var number = has.HasFlag(Has.NamedKind) ? default : body.ReadByte();
        var kind = has.HasFlag(Has.NamedKind) ? body.ReadString() : null;
        var timestamp = body.ReadSignedVarint() * MicrosecondsIn(has);
        var isRemoved = (number & WithoutText) != 0;
        kind ??= IsNamedBehind(number) ? body.ReadString() : EventKinds.Known[CheckedKind(number)];
        return new WindowEvent(userId, kind, body.ReadId(), timestamp)
        {
            GivenId = has.HasFlag(Has.GivenId) ? body.ReadId() : null,
            Categories = has.HasFlag(Has.Categories) ? ReadStrings(ref body) : null,
            Value = has.HasFlag(Has.IntegerValue) ? body.ReadSignedVarint() : has.HasFlag(Has.DoubleValue) ? body.ReadDouble() : null,
            Text = has.HasFlag(Has.Text) && !isRemoved ? body.ReadString() : null,
            Removed = isRemoved ? new RemovedText(has.HasFlag(Has.Text) ? body.ReadSingle() : null) : null,
        };
    }

    private static long TimestampOf(ByteReader body)
    {
        var has = (Has)body.ReadByte();
        if (has.HasFlag(Has.NamedKind))
            body.ReadBytes();
        else
            body.ReadByte();
        return body.ReadSignedVarint() * MicrosecondsIn(has);
    }

    private static string[] ReadStrings(ref ByteReader body)
    {
        var strings = new string[body.ReadByte()];
        for (var i = 0; i < strings.Length; i++)
            strings[i] = body.ReadString();
        return strings;
    }

    private static int IndexOfKind(string kind)
    {
        for (var i = 0; i < EventKinds.Known.Count; i++)
        {
            if (EventKinds.Known[i] == kind)
                return i;
        }

        return -1;
    }

    /// <summary>Whether a kind's byte says that the name follows the timestamp.</summary>
    internal static bool IsNamedBehind(byte kind) => kind == (WithoutText | NamedBehind);

    /// <summary>The index in a kind's byte.</summary>
    internal static int CheckedKind(byte kind) =>
        (kind & ~WithoutText) is var index && index < EventKinds.Known.Count
            ? index
            : throw new InvalidDataException($"The window names kind {index}, which this service does not know.");

    private static bool IsSmallInteger(double value) =>
        Math.Abs(value) <= int.MaxValue && value == Math.Truncate(value) && !(value == 0 && double.IsNegative(value));

    private static (Has Unit, long Time) CoarsestExact(long microseconds) =>
        microseconds % 1_000_000 == 0 ? (Has.Seconds, microseconds / 1_000_000)
        : microseconds % 1_000 == 0 ? (Has.Milliseconds, microseconds / 1_000)
        : (0, microseconds);

    internal static long MicrosecondsIn(Has unit) =>
        unit.HasFlag(Has.Seconds) ? 1_000_000 : unit.HasFlag(Has.Milliseconds) ? 1_000 : 1;
}
