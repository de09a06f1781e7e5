using ProfileService.Windows.Redis.Layout;

namespace ProfileService.Windows.Redis.Read;

/// <summary>
/// The atomic steps on windows, a script each, except for appends. KEYS of the due users are <see cref="RedisWindowKeys.Due"/>; all times are Unix ms.
/// </summary>
internal static class RedisWindowScripts
{
    /// <summary>Bytes that a window takes, its key included. KEYS window. A script, for a command by its name alone goes to the connection's first database.</summary>
    public const string Memory = "return redis.call('MEMORY', 'USAGE', KEYS[1], 'SAMPLES', '0')";

    /// <summary>
    /// Reads revisions, all in one reply. KEYS windows, of one server. Returns 8 bytes for each, zeros where there is no window; a key that is
    /// none counts so too, for those who ask need not know each other. Where a value has no revision, not even zeros come.
    /// </summary>
    public static readonly string Revisions = $$"""
        local revisions, none = {}, string.rep('\0', {{RedisWindowLayout.TouchedAt}})
        for i = 1, #KEYS do
            local revision = redis.pcall('GETRANGE', KEYS[i], {{RedisWindowLayout.RevisionAt}}, {{RedisWindowLayout.TouchedAt - 1}})
            if revision == '' or revision.err then
                revision = none
            elseif revision == none or #revision < {{RedisWindowLayout.TouchedAt}} then
                revision = string.rep('\255', {{RedisWindowLayout.TouchedAt}})
            end
            revisions[i] = revision
        end
        return table.concat(revisions)
        """;

    /// <summary>Has a window refused from now on by the script that appends, which reads no events. KEYS window. ARGV the stamp that must stand.</summary>
    public static readonly string Refuse = $$"""
        if redis.call('GETRANGE', KEYS[1], 0, {{RedisWindowLayout.LayoutAt}}) == ARGV[1] then
            redis.call('SETRANGE', KEYS[1], {{RedisWindowLayout.LayoutAt}}, string.char({{RedisWindowLayout.Altered}}))
        end
        """;

    /// <summary>Drops a window and its user's claim. KEYS window, due, leases, claims. ARGV user, touched bytes that must stand. Returns 1 where it did.</summary>
    public static readonly string Drop = $$"""
        if redis.call('GETRANGE', KEYS[1], {{RedisWindowLayout.TouchedAt}}, {{RedisWindowLayout.EndAt - 1}}) ~= ARGV[2] then
            return 0
        end
        redis.call('ZREM', KEYS[2], ARGV[1])
        redis.call('ZREM', KEYS[3], ARGV[1])
        redis.call('HDEL', KEYS[4], ARGV[1])
        return redis.call('DEL', KEYS[1])
        """;
}
