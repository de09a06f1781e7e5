using ProfileService.Platform;
using ProfileService.Windows.Redis.Layout;

namespace ProfileService.Windows.Redis.Read;

/// <summary>The scripts that read windows. The .lua files say what they take and return.</summary>
internal static class RedisReadScripts
{
    /// <summary>Reads the revisions of many windows.</summary>
    public static readonly string Revisions = RedisScript.Load(typeof(RedisReadScripts), ["revisions.lua"], typeof(RedisWindowLayout));

    /// <summary>Marks a window that was altered.</summary>
    public static readonly string Refuse = RedisScript.Load(typeof(RedisReadScripts), ["refuse.lua"], typeof(RedisWindowLayout));

    /// <summary>Bytes that a window takes.</summary>
    public static readonly string Measure = RedisScript.Load(typeof(RedisReadScripts), ["measure.lua"]);
}
