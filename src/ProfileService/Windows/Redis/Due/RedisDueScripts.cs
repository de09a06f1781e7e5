using ProfileService.Platform;
using ProfileService.Windows.Redis.Layout;

namespace ProfileService.Windows.Redis.Due;

/// <summary>
/// The scripts that change the due users of partitions, written as for one: each file has its KEYS, which are
/// <see cref="RedisWindowKeys.Due"/>, and its ARGV, and <c>_each.lua</c> runs it for all partitions of a call. The number of commands of a
/// partition does not depend on the number of its users. Times are Unix ms. Each reply begins with a <see cref="DueSnapshot"/>, or is the
/// text of an error where the script failed for that partition. The .lua files document the rest.
/// </summary>
internal static class RedisDueScripts
{
    /// <summary>Maximum users per call. Lua passes at most 8,000 values to a command, and some commands take two per user.</summary>
    public const int MostUsers = 1_000;

    /// <summary>Maximum partitions per call, of some users each. A call blocks Redis for about half a millisecond.</summary>
    public const int MaxPartitions = 32;

    /// <summary>Length of the lease at the beginning of a claim, in bytes.</summary>
    public const int LeaseBytes = 16;

    /// <summary>Leases users whose lease has ended, then those that are due longest.</summary>
    public static readonly string ClaimDue = Load("_take.lua", "claim_due.lua");

    /// <summary>Leases one user.</summary>
    public static readonly string ClaimUser = Load("_take.lua", "claim_user.lua");

    /// <summary>Gives claims a later end.</summary>
    public static readonly string Renew = Load("_held.lua", "renew.lua");

    /// <summary>Ends claims.</summary>
    public static readonly string Settle = Load("_held.lua", "settle.lua");

    /// <summary>Makes the users of claims due again.</summary>
    public static readonly string Release = Load("_held.lua", "release.lua");

    /// <summary>Makes users due.</summary>
    public static readonly string MarkDue = Load("mark_due.lua");

    /// <summary>The snapshot alone.</summary>
    public static readonly string Snapshot = Load("snapshot.lua");

    /// <summary>What the queue has of one user; without a snapshot.</summary>
    public static readonly string Find = RedisScript.Load(typeof(RedisDueScripts), ["find.lua"]);

    private static string Load(params string[] files) =>
        RedisScript.Load(typeof(RedisDueScripts), ["_begin.lua", "_snapshot.lua", .. files, "_each.lua"], typeof(RedisDueScripts));
}
