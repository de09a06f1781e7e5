using ProfileService.Platform;
using ProfileService.Windows.Redis.Layout;

namespace ProfileService.Windows.Redis.Append;

/// <summary>
/// The two scripts that change windows, atomic per user. The rules are in <see cref="Window"/>. A window that it computed is committed if
/// the stored window has not changed meanwhile. Events whose verdicts need no rule are appended. KEYS are
/// <see cref="RedisWindowKeys.Append"/>, times are Unix ms, TTLs are <see cref="RedisTtl"/>. The .lua files document the rest.
/// </summary>
internal static class RedisAppendScripts
{
    private const string MarkDue = "_mark_due.lua";

    /// <summary>Appends the events of some users (<see cref="RedisAppend"/>).</summary>
    public static readonly string Append = RedisScript.Load(
        typeof(RedisAppendScripts), [MarkDue, "append.lua"],
        typeof(RedisWindowLayout), typeof(RedisWindowSum), typeof(RedisAppendLayout), typeof(RedisTtl), typeof(CheckedRevision),
        typeof(RedisWindowKeys));

    /// <summary>Stores a user's window (<see cref="RedisWindowWrite"/>).</summary>
    public static readonly string Commit = RedisScript.Load(
        typeof(RedisAppendScripts), [MarkDue, "commit.lua"], typeof(RedisWindowLayout), typeof(RedisWindowKeys));
}
