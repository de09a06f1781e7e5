namespace ProfileService.Windows.Redis.Append;

/// <summary>
/// Offsets in the bytes that a call adds to a user's window (<see cref="RedisAppend.Added"/>): a head of little-endian numbers, then the
/// events.
/// </summary>
internal static class RedisAppendLayout
{
    /// <summary>Timestamp of the oldest event, µs, 8 bytes.</summary>
    public const int OldestAt = 0;

    /// <summary>The timestamp that all stored events must be newer than, µs, 8 bytes.</summary>
    public const int OldestAllowedAt = 8;

    /// <summary>Number of events, 4 bytes.</summary>
    public const int CountAt = 16;

    /// <summary>Number of events with given ids, 4 bytes.</summary>
    public const int IdsAt = 20;

    /// <summary>Sum that the events add to the checksum, 4 bytes.</summary>
    public const int SumAddedAt = 24;

    /// <summary>Initial sum of the checksum of a value with these events alone, 4 bytes.</summary>
    public const int SumAnewAt = 28;

    /// <summary>Timestamp of the newest event, µs, 8 bytes.</summary>
    public const int NewestAt = 32;

    public const int HeadBytes = 40;

    /// <summary>The fields before the newest timestamp, for Lua's struct.unpack.</summary>
    public const string Format = "<i8i8I4I4I4I4";
}
