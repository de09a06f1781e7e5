namespace ProfileService.Windows;

/// <summary>
/// The atomic steps of <see cref="RedisWindowStore"/> on one window, a script each (those on due users are <see cref="RedisDueScripts"/>). They hold no rule of windows: those are computed by
/// <see cref="Window"/> and committed only where the window is still what they were computed from. KEYS of the due users are
/// <see cref="RedisWindowKeys.Due"/>; all times are Unix ms.
/// </summary>
internal static class RedisWindowScripts
{
    /// <summary>
    /// Stores a window and makes its user due. KEYS window, due, leases, claims. ARGV user, head that must stand, now, TTL ms,
    /// channel, partition, then as <see cref="RedisWindowWrite"/> start, tail's offset and tail. Returns -1 where another head
    /// stands; 1 where the user was not due before, else 0.
    /// </summary>
    public const string Commit = """
        if redis.call('GETRANGE', KEYS[1], 0, 24) ~= ARGV[2] then
            return -1
        end
        if ARGV[8] == '0' then
            redis.call('SET', KEYS[1], ARGV[7], 'PX', ARGV[4])
        else
            redis.call('SETRANGE', KEYS[1], 0, ARGV[7])
            if ARGV[9] ~= '' then
                redis.call('SETRANGE', KEYS[1], ARGV[8], ARGV[9])
            end
            redis.call('PEXPIRE', KEYS[1], ARGV[4])
        end
        local added = redis.call('ZADD', KEYS[2], 'NX', ARGV[3], ARGV[1])
        redis.call('PEXPIRE', KEYS[2], ARGV[4])
        if added == 0 then
            return 0
        end
        -- Who drains a partition goes on while a user is free, so only the first one needs announcing; claimed users may be due again.
        if redis.call('ZCARD', KEYS[2]) <= 1 + redis.call('ZCARD', KEYS[3]) then
            redis.call('PUBLISH', ARGV[5], ARGV[6])
        end
        return 1
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
