using System.Globalization;
using StackExchange.Redis;

namespace ProfileService.Windows.Redis.Due;

/// <summary>The due users of a partition in figures, as the scripts reply them. Times are Unix ms, <see cref="Never"/> for none.</summary>
/// <param name="Oldest">Since when the longest due user that nobody has claimed is due.</param>
/// <param name="LeaseEnd">When the first lease runs out.</param>
/// <param name="Due">Users due.</param>
/// <param name="Claimed">Users claimed; one that changed meanwhile may be counted among both.</param>
internal readonly record struct DueSnapshot(long Oldest, long LeaseEnd, long Due, long Claimed)
{
    public const long Never = long.MaxValue;

    public static readonly DueSnapshot Nobody = new(Never, Never, 0, 0);

    /// <summary>Elements of a reply that are the snapshot; what follows is the script's own.</summary>
    public const int Length = 4;

    public static DueSnapshot From(RedisResult[] reply) => new(Time(reply[0]), Time(reply[1]), (long)reply[2], (long)reply[3]);

    private static long Time(RedisResult time) =>
        (string?)time is { Length: > 0 } text ? (long)double.Parse(text, CultureInfo.InvariantCulture) : Never;
}
