namespace ProfileService.Windows;

/// <summary>
/// The atomic steps of <see cref="RedisWindowStore"/>, one script each, but for appends (<see cref="RedisAppendScripts"/>). KEYS of the
/// due users are <see cref="RedisWindowKeys.Due"/>; all times are Unix ms.
/// </summary>
internal static class RedisWindowScripts
{
    /// <summary>Reads revisions, all in one reply. KEYS windows, of one server. Returns 8 bytes for each, zeros where there is no window.</summary>
    public const string Revisions = """
        local revisions = {}
        for i = 1, #KEYS do
            local revision = redis.call('GETRANGE', KEYS[i], 0, 7)
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

    /// <summary>Leases users: leases that ran out first, then the longest due. ARGV now, lease end, lease, TTL ms, most users. Returns the look, then user and time since due in turn.</summary>
    public const string ClaimDue = LookFunction + TakeFunction + """
        local left = tonumber(ARGV[5])
        local taken = {}
        local function claim(user)
            local since = take(user)
            taken[#taken + 1], taken[#taken + 2] = user, since
            left = left - 1
        end
        for _, user in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1], 'LIMIT', 0, left)) do
            claim(user)
        end
        if left > 0 then
            for _, user in ipairs(redis.call('ZRANGE', KEYS[1], 0, left + redis.call('ZCARD', KEYS[2]) - 1)) do
                if left > 0 and not redis.call('ZSCORE', KEYS[2], user) then
                    claim(user)
                end
            end
        end
        local reply = look()
        for i = 1, #taken do
            reply[#reply + 1] = taken[i]
        end
        return reply
        """;

    /// <summary>Leases one user where it is due and nobody has it. ARGV now, lease end, lease, TTL ms, user. Returns as <see cref="ClaimDue"/>.</summary>
    public const string ClaimUser = LookFunction + TakeFunction + """
        local user = ARGV[5]
        local lease_end = redis.call('ZSCORE', KEYS[2], user)
        local is_free = not lease_end or tonumber(lease_end) <= tonumber(ARGV[1])
        local since = is_free and (lease_end or redis.call('ZSCORE', KEYS[1], user)) and take(user)
        local reply = look()
        if since then
            reply[4], reply[5] = user, since
        end
        return reply
        """;

    /// <summary>Ends claims. ARGV lease and user in turn; a claim under another lease is left alone. Returns the look.</summary>
    public const string Settle = LookFunction + """
        for i = 1, #ARGV, 2 do
            local claim = redis.call('HGET', KEYS[3], ARGV[i + 1])
            if claim and claim:sub(1, 16) == ARGV[i] then
                redis.call('ZREM', KEYS[2], ARGV[i + 1])
                redis.call('HDEL', KEYS[3], ARGV[i + 1])
            end
        end
        return look()
        """;

    /// <summary>Makes the users of claims due again, since their oldest change. ARGV TTL ms, then as <see cref="Settle"/>. Returns the look.</summary>
    public const string Release = LookFunction + """
        for i = 2, #ARGV, 2 do
            local claim = redis.call('HGET', KEYS[3], ARGV[i + 1])
            if claim and claim:sub(1, 16) == ARGV[i] then
                -- What frees memory first: a full Redis lets a script go on that has begun to write.
                redis.call('ZREM', KEYS[2], ARGV[i + 1])
                redis.call('HDEL', KEYS[3], ARGV[i + 1])
                redis.call('ZADD', KEYS[1], 'LT', claim:sub(17), ARGV[i + 1])
                redis.call('PEXPIRE', KEYS[1], ARGV[1])
            end
        end
        return look()
        """;

    /// <summary>Makes users due. ARGV now, TTL ms, then the users. Returns the look.</summary>
    public const string MarkDue = LookFunction + """
        for i = 3, #ARGV do
            redis.call('ZADD', KEYS[1], 'NX', ARGV[1], ARGV[i])
        end
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
        return look()
        """;

    /// <summary>The look alone.</summary>
    public const string Look = LookFunction + "return look()";

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

    // A partition at a glance: since when the longest due user that nobody has is due, when the first lease runs out ('' for none),
    // and the users that are due or claimed. A user that changed while claimed is in both sets.
    private const string LookFunction = """
        local function look()
            local oldest, users = '', redis.call('ZCARD', KEYS[1])
            local leases = redis.call('ZRANGE', KEYS[2], 0, -1, 'WITHSCORES')
            for i = 1, #leases, 2 do
                if not redis.call('ZSCORE', KEYS[1], leases[i]) then
                    users = users + 1
                end
            end
            local due = redis.call('ZRANGE', KEYS[1], 0, #leases / 2, 'WITHSCORES')
            for i = 1, #due, 2 do
                if not redis.call('ZSCORE', KEYS[2], due[i]) then
                    oldest = due[i + 1]
                    break
                end
            end
            return { oldest, leases[2] or '', users }
        end

        """;

    // Leases a user and returns since when it is due; what an earlier claim held counts too.
    private const string TakeFunction = """
        local function take(user)
            local since = redis.call('ZSCORE', KEYS[1], user)
            local claim = redis.call('HGET', KEYS[3], user)
            if claim and (not since or tonumber(claim:sub(17)) < tonumber(since)) then
                since = claim:sub(17)
            end
            redis.call('ZREM', KEYS[1], user)
            redis.call('ZADD', KEYS[2], ARGV[2], user)
            redis.call('HSET', KEYS[3], user, ARGV[3] .. since)
            redis.call('PEXPIRE', KEYS[2], ARGV[4])
            redis.call('PEXPIRE', KEYS[3], ARGV[4])
            return since
        end

        """;
}
