using ProfileService.Windows.Redis.Append;
using ProfileService.Windows.Redis.Due;
using ProfileService.Windows.Redis.Erase;
using ProfileService.Windows.Redis.Read;

namespace ProfileService.Windows.Redis;

/// <summary>All scripts on windows and due users, and on whose they are.</summary>
internal static class RedisScripts
{
    /// <summary>Reads all of them, so that a script with a wrong placeholder stops the start and not the first event.</summary>
    public static IReadOnlyList<string> Load() =>
    [
        RedisAppendScripts.Append, RedisAppendScripts.Commit,
        RedisDueScripts.ClaimDue, RedisDueScripts.ClaimUser, RedisDueScripts.Renew, RedisDueScripts.Settle,
        RedisDueScripts.Release, RedisDueScripts.MarkDue, RedisDueScripts.Snapshot, RedisDueScripts.Find,
        RedisReadScripts.Revisions, RedisReadScripts.Refuse, RedisReadScripts.Measure,
        RedisIdleWindows.Drop, RedisAliasWindows.Drop, RedisTextRemover.Replace, RedisProbe.Script, RedisOwner.Script,
        RedisWindowEraser.Erase, RedisErasureMarks.Restore, RedisErasureMarks.Confirm,
    ];
}
