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
    /// <summary>Reply if a partition has marks of erased users, and the hash of the user's id is needed to look for one.</summary>
    public const int NeedsHash = -1;

    /// <summary>Reply of an append if the user was erased, and some events may be from before.</summary>
    public const int IsErased = -2;

    /// <summary>Reply of a commit if the window or the user's mark is not as it was read.</summary>
    public const int HasChanged = -3;

    private const string MarkDue = "_mark_due.lua";
    private const string Remember = "_remember.lua";

    /// <summary>Appends the events of some users (<see cref="RedisAppend"/>).</summary>
    public static readonly string Append = RedisScript.Load(
        typeof(RedisAppendScripts), [MarkDue, Remember, "append.lua"],
        typeof(RedisWindowLayout), typeof(RedisWindowSum), typeof(RedisAppendLayout), typeof(RedisTtl), typeof(CheckedRevision),
        typeof(RedisWindowKeys), typeof(RedisAppendScripts), typeof(ErasureMark), typeof(SeenItems));

    /// <summary>Stores a user's window (<see cref="RedisWindowWrite"/>), or what the user met.</summary>
    public static readonly string Commit = RedisScript.Load(
        typeof(RedisAppendScripts), [MarkDue, Remember, "commit.lua"], typeof(RedisWindowLayout), typeof(RedisWindowKeys),
        typeof(RedisAppendScripts));
}
