namespace ProfileService.Benchmarks.WindowLayouts;

/// <summary>
/// Appends of the layouts that the service does not have, each with the guarantees that <c>RedisAppendScripts.Commit</c> gives.
/// KEYS window, due, leases, claims, then the layout's own. ARGV user, now, TTL ms, channel, partition, then the layout's own.
/// They return -1 where they refuse.
/// </summary>
internal static class LayoutScripts
{
    /// <summary>
    /// A delta under a revision check. The window is a list: revision and touched, then the events, newest first.
    /// ARGV revision bytes that must stand, how many of the oldest fall out, events, head.
    /// </summary>
    public const string List = """
        if (redis.call('LINDEX', KEYS[1], 0) or ''):sub(1, 8) ~= ARGV[6] then
            return -1
        end
        redis.call('LPOP', KEYS[1])
        if ARGV[7] ~= '0' then
            redis.call('RPOP', KEYS[1], ARGV[7])
        end
        redis.call('LPUSH', KEYS[1], unpack(ARGV, 8))
        redis.call('PEXPIRE', KEYS[1], ARGV[3])
        """ + MarkDue;

    /// <summary>
    /// Rules in Lua. The window is a sorted set by timestamp, whose first member, '', has the revision for its score, negative. Given ids
    /// are looked up in a hash beside it, from id to nothing, as they lie in the event; derived ones among the events of the same time.
    /// KEYS ids. ARGV event, timestamp, given id or '', most events, length of what a derived id derives from.
    /// </summary>
    public const string SortedSet = """
        local event, id = ARGV[6], ARGV[8]
        local function id_of(other)
            local at = 3
            while other:byte(at) >= 128 do
                at = at + 1
            end
            at = at + 2 + other:byte(at + 1)
            local length = other:byte(at)
            return other:sub(at, at + (length > 0 and length or 16)) -- 0 stands for a UUID
        end
        if id ~= '' then
            if redis.call('HSETNX', KEYS[5], id, '') == 0 then
                return -1
            end
        else
            local last = tonumber(ARGV[10])
            for _, other in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], ARGV[7], ARGV[7])) do
                if other:sub(2, last) == event:sub(2, last) then
                    return -1
                end
            end
        end
        redis.call('ZADD', KEYS[1], ARGV[7], event)
        local fallen = redis.call('ZCARD', KEYS[1]) - 1 - tonumber(ARGV[9])
        if fallen > 0 then
            if id ~= '' then
                for _, other in ipairs(redis.call('ZRANGE', KEYS[1], 1, fallen)) do
                    redis.call('HDEL', KEYS[5], id_of(other))
                end
            end
            redis.call('ZREMRANGEBYRANK', KEYS[1], 1, fallen)
        end
        redis.call('ZINCRBY', KEYS[1], -1, '')
        redis.call('PEXPIRE', KEYS[1], ARGV[3])
        if id ~= '' then
            redis.call('PEXPIRE', KEYS[5], ARGV[3])
        end
        """ + MarkDue;

    /// <summary>
    /// Rules in Lua, of the common case alone: an event that is newer than the newest and whose id's bytes are nowhere in the window. The
    /// window is a string: revision, touched, count (2 bytes), newest timestamp (8), then as the service's.
    /// ARGV record, timestamp, bytes to look for, most events.
    /// </summary>
    public const string Spliced = """
        local window = redis.call('GET', KEYS[1])
        local revision, _, count, newest = struct.unpack('<i8i8I2i8', window)
        local timestamp, first = tonumber(ARGV[7]), 27
        if timestamp <= newest or window:find(ARGV[8], first, true) then
            return -1
        end
        if count == tonumber(ARGV[9]) then
            local low, high = window:byte(first, first + 1)
            first = low < 128 and first + 1 + low or first + 2 + (low - 128) + 128 * high
        else
            count = count + 1
        end
        local head = struct.pack('<i8i8I2i8', revision + 1, tonumber(ARGV[2]), count, timestamp)
        redis.call('SET', KEYS[1], head .. window:sub(first) .. ARGV[6], 'PX', ARGV[3])
        """ + MarkDue;

    /// <summary>The whole value under a revision check. ARGV revision bytes that must stand, value.</summary>
    public const string Whole = """
        if redis.call('GETRANGE', KEYS[1], 0, 7) ~= ARGV[6] then
            return -1
        end
        redis.call('SET', KEYS[1], ARGV[7], 'PX', ARGV[3])
        """ + MarkDue;

    // As the commit of the service does it.
    private const string MarkDue = """

        if redis.call('ZADD', KEYS[2], 'NX', ARGV[2], ARGV[1]) == 0 then
            return 0
        end
        redis.call('PEXPIRE', KEYS[2], ARGV[3])
        if redis.call('ZCARD', KEYS[2]) <= 1 + redis.call('ZCARD', KEYS[3]) then
            redis.call('PUBLISH', ARGV[4], ARGV[5])
        end
        return 1
        """;
}
