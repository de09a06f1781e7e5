using ProfileService.Platform;

namespace ProfileService.Windows.Redis.Layout;

/// <summary>
/// Where what lies in the head of a window's value, numbers little-endian. The scripts of windows are made from it, so that they and
/// <see cref="RedisWindowValue"/> cannot differ. A script writes all up to the checksum with each append; the rest only with a new value.
/// </summary>
internal static class RedisWindowLayout
{
    /// <summary><see cref="CheckedRevision"/>, 8 bytes.</summary>
    public const int RevisionAt = 0;

    /// <summary>When something last came: Unix ms, 8 bytes.</summary>
    public const int TouchedAt = 8;

    /// <summary>
    /// Where the events end, 4 bytes. It comes before the number that fell out, where former layouts have their begin, so that none of
    /// them is taken for this one.
    /// </summary>
    public const int EndAt = 16;

    /// <summary>How many of the events that lie there fell out, the oldest of them: 4 bytes.</summary>
    public const int FallenAt = 20;

    /// <summary>Which layout it is, 1 byte.</summary>
    public const int LayoutAt = 24;

    /// <summary>Version of the window's bytes, 1 byte.</summary>
    public const int VersionAt = 25;

    /// <summary>1 if a given id may look like a derived one, 1 byte.</summary>
    public const int DoubtfulAt = 26;

    /// <summary>How many events count, 4 bytes.</summary>
    public const int CountAt = 27;

    /// <summary>The newest event's timestamp, 8 bytes.</summary>
    public const int NewestAt = 31;

    /// <summary>The checksum (<see cref="RedisWindowSum"/>), 4 bytes.</summary>
    public const int SumAt = 39;

    /// <summary>Where the room behind the events ends, 4 bytes.</summary>
    public const int LimitAt = 43;

    /// <summary>A timestamp that none of the events that count is older than, 8 bytes.</summary>
    public const int OldestAt = 47;

    public const int HeadBytes = 55;

    /// <summary>The last byte of the head, as GETRANGE takes it.</summary>
    public const int LastOfHead = HeadBytes - 1;

    /// <summary>At <see cref="LayoutAt"/>; differs from the formers' in four bits at least.</summary>
    public const byte CurrentLayout = 0x5A;

    /// <summary>In place of <see cref="CurrentLayout"/> after a reader found the value altered, so that no script adds to it.</summary>
    public const byte Altered = 0xA6;

    /// <summary>Room is an eighth of the events' bytes.</summary>
    public const int RoomShare = 8;

    /// <summary>
    /// The head's fields up to the checksum, for Lua's struct.pack: revision, its check, touched, end, fallen, state, count, newest as
    /// bytes, sum.
    /// </summary>
    public const string StartFormat = "<I6I2i8I4I4c3I4c8I4";

    /// <summary>All fields, limit and oldest as bytes after those.</summary>
    public const string HeadFormat = StartFormat + "I4c8";

    /// <summary>All fields to be read: newest in two halves, because a double holds no 64 bits; the oldest as a number.</summary>
    public const string ReadFormat = "<I6I2i8I4I4c3I4I4i4I4I4i8";
}
