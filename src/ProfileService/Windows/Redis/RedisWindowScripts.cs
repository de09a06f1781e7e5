namespace ProfileService.Windows;

/// <summary>
/// The atomic steps of <see cref="RedisWindowStore"/> on windows, a script each, but for appends (<see cref="RedisAppendScripts"/>) and
/// due users (<see cref="RedisDueScripts"/>). KEYS of the due users are <see cref="RedisWindowKeys.Due"/>; all times are Unix ms.
/// </summary>
internal static class RedisWindowScripts
{
    /// <summary>Bytes that a window takes, its key included. KEYS window. A script, for a command by its name alone goes to the connection's first database.</summary>
    public const string Memory = "return redis.call('MEMORY', 'USAGE', KEYS[1], 'SAMPLES', '0')";

    /// <summary>
    /// Reads revisions, all in one reply. KEYS windows, of one server. Returns 8 bytes for each, zeros where there is no window; a key that is
    /// none counts so too, for those who ask need not know each other.
    /// </summary>
    public const string Revisions = """
        local revisions = {}
        for i = 1, #KEYS do
            local revision = redis.pcall('GETRANGE', KEYS[i], 0, 7)
            revisions[i] = #revision == 8 and revision or string.rep('\0', 8)
        end
        return table.concat(revisions)
        """;

    /// <summary>
    /// Lifts a window's revision above a profile's and makes the user due. KEYS window, due, leases, claims. ARGV user, the profile's
    /// revision, now, TTL ms. Returns 1 where it did, 0 where the window is not below it or gone.
    /// </summary>
    public const string Raise = """
        local current = redis.call('GETRANGE', KEYS[1], 0, 7)
        if #current < 8 or struct.unpack('<i8', current) >= tonumber(ARGV[2]) then
            return 0
        end
        redis.call('SETRANGE', KEYS[1], 0, struct.pack('<i8', tonumber(ARGV[2]) + 1))
        redis.call('ZADD', KEYS[2], 'NX', ARGV[3], ARGV[1])
        redis.call('PEXPIRE', KEYS[2], ARGV[4])
        return 1
        """;

    /// <summary>Drops a window and its user's claim. KEYS window, due, leases, claims. ARGV user, touched bytes that must stand. Returns 1 where it did.</summary>
    public const string Drop = """
        if redis.call('GETRANGE', KEYS[1], 8, 15) ~= ARGV[2] then
            return 0
        end
        redis.call('ZREM', KEYS[2], ARGV[1])
        redis.call('ZREM', KEYS[3], ARGV[1])
        redis.call('HDEL', KEYS[4], ARGV[1])
        return redis.call('DEL', KEYS[1])
        """;
}
