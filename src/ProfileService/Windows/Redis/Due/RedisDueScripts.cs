using ProfileService.Windows.Redis.Layout;

namespace ProfileService.Windows.Redis.Due;

/// <summary>
/// The atomic steps on the due users of one partition, a script each, with as few commands as there
/// are steps, however many the users. KEYS are <see cref="RedisWindowKeys.Due"/>: due, leases, claims; all times are Unix ms. Each
/// returns first a snapshot (<see cref="DueSnapshot"/>).
/// </summary>
internal static class RedisDueScripts
{
    /// <summary>Most users of one call: Lua hands no more than 8,000 values to a command, and some take two of each user.</summary>
    public const int MostUsers = 1_000;

    /// <summary>
    /// Leases users: those whose lease ran out first, then the longest due. ARGV now, lease end, lease, TTL ms, most users, the latest lease end
    /// that there can be ('' not to look for later ones). Returns the snapshot, then user and time since due in turn.
    /// </summary>
    public const string ClaimDue = Free + Glance + Take + """
        local most = tonumber(ARGV[5])
        local users = expired(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1], 'LIMIT', 0, most))
        if ARGV[6] ~= '' and #users == 0 then
            users = expired(redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. ARGV[6], '+inf', 'LIMIT', 0, most))
        end
        for _, value in ipairs(free(most - #users / 2)) do
            users[#users + 1] = value
        end
        return take(users)
        """;

    /// <summary>
    /// Leases one user where it is due and nobody has it. ARGV now, lease end, lease, TTL ms, user, the latest lease end that there can be.
    /// Returns as <see cref="ClaimDue"/>.
    /// </summary>
    public const string ClaimUser = Free + Glance + Take + """
        local lease_end = redis.call('ZSCORE', KEYS[2], ARGV[5])
        if lease_end then
            local is_over = tonumber(lease_end) <= tonumber(ARGV[1]) or tonumber(lease_end) > tonumber(ARGV[6])
            return take(is_over and expired({ ARGV[5] }) or {})
        end
        local since = redis.call('ZSCORE', KEYS[1], ARGV[5])
        return take(since and { ARGV[5], since } or {})
        """;

    /// <summary>Ends claims. ARGV TTL ms, lease, then users; a claim under another lease is left alone. Returns the snapshot, then 1 where a user is free and none was before.</summary>
    public const string Settle = Free + Glance + Held + """
        local was_free = #free(1) > 0
        local users = held()
        if #users > 0 then
            redis.call('ZREM', KEYS[2], unpack(users))
            redis.call('HDEL', KEYS[3], unpack(users))
        end
        return announced(was_free)
        """;

    /// <summary>
    /// Makes the users of claims due again, since their oldest change. ARGV and what it returns as of <see cref="Settle"/>; without users
    /// it is for all that are claimed under the lease.
    /// </summary>
    public const string Release = Free + Glance + Held + """
        local was_free = #free(1) > 0
        local users, claims = held()
        if #users > 0 then
            -- What frees memory first: a full Redis lets a script go on that has begun to write.
            redis.call('ZREM', KEYS[2], unpack(users))
            redis.call('HDEL', KEYS[3], unpack(users))
            local due = {}
            for i, claim in ipairs(claims) do
                due[2 * i - 1], due[2 * i] = claim:sub(17), users[i]
            end
            redis.call('ZADD', KEYS[1], 'LT', unpack(due))
            redis.call('PEXPIRE', KEYS[1], ARGV[1])
        end
        return announced(was_free)
        """;

    /// <summary>Makes users due. ARGV now, TTL ms, then the users. Returns as <see cref="Settle"/>.</summary>
    public const string MarkDue = Free + Glance + """
        local was_free = #free(1) > 0
        for i = 3, #ARGV do
            redis.call('ZADD', KEYS[1], 'NX', ARGV[1], ARGV[i])
        end
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
        return announced(was_free)
        """;

    /// <summary>The snapshot alone, in which no user is counted twice.</summary>
    public const string Snapshot = Free + Glance + """
        local reply = look()
        reply[3] = reply[3] - redis.call('ZINTERCARD', 2, KEYS[1], KEYS[2])
        return reply
        """;

    // The longest due users that nobody has, at most so many: user and since when in turn. A user that changed while it was claimed is
    // due and has a lease, so that those at the front may not be free.
    private const string Free = """
        local function free(most)
            local found, at, count = {}, 0, most
            while #found < 2 * most do
                local page = redis.call('ZRANGE', KEYS[1], at, at + count - 1, 'WITHSCORES')
                if #page == 0 then
                    break
                end
                local users = {}
                for i = 1, #page, 2 do
                    users[#users + 1] = page[i]
                end
                for i, lease_end in ipairs(redis.call('ZMSCORE', KEYS[2], unpack(users))) do
                    if not lease_end and #found < 2 * most then
                        found[#found + 1], found[#found + 2] = page[2 * i - 1], page[2 * i]
                    end
                end
                at, count = at + count, math.min(2 * count, 1000)
            end
            return found
        end

        """;

    // A partition at a glance: since when the longest due user that nobody has is due, when the first lease runs out ('' for none),
    // how many users are due, and how many claimed. A user that changed while claimed is counted in both.
    private const string Glance = """
        local function look()
            local lease = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')
            return { free(1)[2] or '', lease[2] or '', redis.call('ZCARD', KEYS[1]), redis.call('ZCARD', KEYS[2]) }
        end

        local function announced(was_free)
            local reply = look()
            reply[5] = not was_free and reply[1] ~= '' and 1 or 0
            return reply
        end

        """;

    // expired: user and since when in turn for users whose leases ran out; what the old claim held counts too. take: leases users.
    private const string Take = """
        local function expired(users)
            local found = {}
            if #users == 0 then
                return found
            end
            local scores = redis.call('ZMSCORE', KEYS[1], unpack(users))
            for i, claim in ipairs(redis.call('HMGET', KEYS[3], unpack(users))) do
                local since = claim and claim:sub(17)
                if scores[i] and (not since or tonumber(scores[i]) < tonumber(since)) then
                    since = scores[i]
                end
                found[#found + 1], found[#found + 2] = users[i], since or ARGV[1]
            end
            return found
        end

        local function take(taken)
            if #taken > 0 then
                local users, ends, claims = {}, {}, {}
                for i = 1, #taken, 2 do
                    users[#users + 1] = taken[i]
                    ends[i], ends[i + 1] = ARGV[2], taken[i]
                    claims[i], claims[i + 1] = taken[i], ARGV[3] .. taken[i + 1]
                end
                redis.call('ZREM', KEYS[1], unpack(users))
                redis.call('ZADD', KEYS[2], unpack(ends))
                redis.call('HSET', KEYS[3], unpack(claims))
                redis.call('PEXPIRE', KEYS[2], ARGV[4])
                redis.call('PEXPIRE', KEYS[3], ARGV[4])
            end
            local reply = look()
            for i = 1, #taken do
                reply[#reply + 1] = taken[i]
            end
            return reply
        end

        """;

    // Those of the users that are claimed under the lease, and their claims; of all users where none is named.
    private const string Held = """
        local function held()
            local users, claims = {}, {}
            local function keep(user, claim)
                if claim and claim:sub(1, 16) == ARGV[2] then
                    users[#users + 1], claims[#claims + 1] = user, claim
                end
            end
            if #ARGV == 2 then
                local all = redis.call('HGETALL', KEYS[3])
                for i = 1, #all, 2 do
                    keep(all[i], all[i + 1])
                end
            else
                for i, claim in ipairs(redis.call('HMGET', KEYS[3], unpack(ARGV, 3))) do
                    keep(ARGV[i + 2], claim)
                end
            end
            return users, claims
        end

        """;
}
