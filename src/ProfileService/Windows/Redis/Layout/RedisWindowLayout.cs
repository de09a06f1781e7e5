using ProfileService.Platform;

namespace ProfileService.Windows.Redis.Layout;

/// <summary>
/// Offsets in the head of a window's value; numbers are little-endian. The scripts are built from these constants, so that they and
/// <see cref="RedisWindowValue"/> cannot differ. A script writes the fields up to the checksum with each append, the rest with a new value.
/// </summary>
internal static class RedisWindowLayout
{
    /// <summary><see cref="CheckedRevision"/>, 8 bytes.</summary>
    public const int RevisionAt = 0;

    /// <summary>Time of the last change: Unix ms, 8 bytes.</summary>
    public const int TouchedAt = 8;

    /// <summary>
    /// End of the events, 4 bytes. It precedes the number of events that fell out. Former layouts have the start of the events here, so
    /// that they are not mistaken for this one.
    /// </summary>
    public const int EndAt = 16;

    /// <summary>Number of the oldest stored events that fell out of the window, 4 bytes.</summary>
    public const int FallenAt = 20;

    /// <summary>The layout, 1 byte.</summary>
    public const int LayoutAt = 24;

    /// <summary>Version of the window's bytes, 1 byte.</summary>
    public const int VersionAt = 25;

    /// <summary>1 if a given id may look like a derived one, 1 byte.</summary>
    public const int DoubtfulAt = 26;

    /// <summary>Number of events in the window, 4 bytes.</summary>
    public const int CountAt = 27;

    /// <summary>The newest event's timestamp, 8 bytes.</summary>
    public const int NewestAt = 31;

    /// <summary>The checksum (<see cref="RedisWindowSum"/>), 4 bytes.</summary>
    public const int SumAt = 39;

    /// <summary>End of the room after the events, 4 bytes.</summary>
    public const int LimitAt = 43;

    /// <summary>A timestamp that is not after any event of the window, 8 bytes.</summary>
    public const int OldestAt = 47;

    public const int HeadBytes = 55;

    /// <summary>The last byte of the head, as GETRANGE takes it.</summary>
    public const int LastOfHead = HeadBytes - 1;

    /// <summary>Value at <see cref="LayoutAt"/>. It differs from former layouts in at least four bits.</summary>
    public const byte CurrentLayout = 0x5A;

    /// <summary>Replaces <see cref="CurrentLayout"/> when a reader finds the value altered, so that no script appends to it.</summary>
    public const byte Altered = 0xA6;

    /// <summary>The room is this fraction of the events' bytes: an eighth.</summary>
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
