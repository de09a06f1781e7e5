using System.Globalization;
using StackExchange.Redis;

namespace ProfileService.Windows.Redis.Due;

/// <summary>The due users of a partition in figures, as the scripts reply them. Times are Unix ms, <see cref="Never"/> for none.</summary>
/// <param name="Oldest">Earliest time since when a user that is not claimed is due.</param>
/// <param name="LeaseEnd">When the first lease ends.</param>
/// <param name="Due">Number of due users.</param>
/// <param name="Claimed">Number of claimed users. A claimed user that changed may be counted in both.</param>
internal readonly record struct DueSnapshot(long Oldest, long LeaseEnd, long Due, long Claimed)
{
    public const long Never = long.MaxValue;

    public static readonly DueSnapshot Nobody = new(Never, Never, 0, 0);

    /// <summary>Number of elements of a reply that belong to the snapshot; the script's own result follows.</summary>
    public const int Length = 4;

    public static DueSnapshot From(RedisResult[] reply) => new(Time(reply[0]), Time(reply[1]), (long)reply[2], (long)reply[3]);

    private static long Time(RedisResult time) =>
        (string?)time is { Length: > 0 } text ? (long)double.Parse(text, CultureInfo.InvariantCulture) : Never;
}
