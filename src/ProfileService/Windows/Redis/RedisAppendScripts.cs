namespace ProfileService.Windows;

/// <summary>
/// The two steps by which events get into <see cref="RedisWindowStore"/>, atomic for each user. The rules of windows are in
/// <see cref="Window"/>: what it computed is committed where the window is still what it was computed from, and appended where it has
/// nothing left to judge. KEYS are <see cref="RedisWindowKeys.Append"/>; times are Unix ms, the TTL is <see cref="RedisTtl"/>. Where
/// something was stored, its user is made due, and the reply is 1 where the user was not due before, else 0.
/// </summary>
internal static class RedisAppendScripts
{
    /// <summary>Tells processes, by its number, of a partition where users may be claimed.</summary>
    public const string DueChannel = "profiles:due";

    /// <summary>
    /// Puts each user's new events behind those of its window, or stores them as a window where there is none. KEYS of each user. ARGV now,
    /// TTL, most events, <see cref="RedisWindowValue.State"/>; then of each user its id, what to add (<see cref="RedisAppend"/>), and the
    /// given ids in it, as the codec writes them. Returns for each user as above; its stored value, and does nothing, where the events
    /// have to be judged.
    /// </summary>
    /// <remarks>
    /// <see cref="RedisAppend"/> judged a user's events among themselves. The rest follows from order alone. Each is newer than the newest
    /// stored one: so none is late, all belong behind it as they are, and none has a stored derived id. The bytes of none's given id are
    /// stored, nor is a given id that looks derived: so none is a duplicate. All that is stored is young enough for the newest of them: so
    /// nothing falls out by age, only the oldest by number. Lua's numbers are doubles: where rounding makes two timestamps equal, the
    /// events are judged. No event takes less than 6 bytes: a head that counts more is broken.
    /// </remarks>
    public const string Append = MarkDue + """
        local call, unpack, pack, sub = redis.call, struct.unpack, struct.pack, string.sub
        local now, ttl, most, state = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3]), ARGV[4]
        local period = ttl / 1001
        local this_period = math.floor(now / period)

        local function write_anew(window, revision, count, newest, oldest, events)
            local room = math.floor(#events / 8)
            local head = pack('<i8i8I4I4c3I4c8I4c8', revision, now, 0, 51 + #events, state, count, newest, 51 + #events + room, oldest)
            call('SET', window, head .. events .. string.rep('\0', room), 'PX', ttl)
        end

        -- What is left of events of which the first so many fell out; nil where they end before.
        local function kept(events, fallen)
            local at = 1
            for _ = 1, fallen do
                local length, unit, byte = 0, 1, 0
                repeat
                    byte = events:byte(at) or 0
                    length, unit, at = length + byte % 128 * unit, unit * 128, at + 1
                until byte < 128
                at = at + length
            end
            return at <= #events + 1 and sub(events, at) or nil
        end

        -- Returns whether the window's TTL is new; nil and its value where the events have to be judged.
        local function append(window, place)
            local added = ARGV[place]
            local first, oldest_allowed, more, ids = unpack('<i8i8I4I4', added)
            local stored = call('GETRANGE', window, '0', ids > 0 and '-1' or '50')
            if stored == '' then
                write_anew(window, now - 1 + more, more, sub(added, 25, 32), sub(added, 1, 8), sub(added, 33))
                return true
            elseif #stored < 51 then
                return nil, call('GET', window)
            end

            local revision, touched, fallen, finish, found, count, newest, limit, oldest = unpack('<i8i8I4I4c3I4i8I4i8', stored)
            local judge = found ~= state or first <= newest or oldest <= oldest_allowed or finish > limit or 51 + 6 * (fallen + count) > finish
            for i = place + 1, place + ids do
                judge = judge or stored:find(ARGV[i], 52, true)
            end
            if judge then
                return nil, call('GET', window)
            end

            local events, start = sub(added, 33), finish
            revision, count, finish = revision + more, count + more, finish + #events
            if count > most then
                fallen, count = fallen + count - most, most
            end
            if finish > limit then
                local old = kept(call('GETRANGE', window, '51', start - 1), fallen)
                if not old then
                    return nil, call('GET', window)
                end
                write_anew(window, revision, count, sub(added, 25, 32), sub(stored, 44, 51), old .. events)
                return true
            end
            call('SETRANGE', window, start, events)
            call('SETRANGE', window, '0', pack('<i8i8I4I4c3I4c8', revision, now, fallen, finish, state, count, sub(added, 25, 32)))
            local is_renewed = math.floor(touched / period) ~= this_period
            if is_renewed then
                call('PEXPIRE', window, ttl)
            end
            return is_renewed
        end

        local replies, place = {}, 5
        for user = 1, #KEYS / 3 do
            local is_renewed, reply = append(KEYS[3 * user - 2], place + 1)
            if is_renewed ~= nil then
                reply = mark_due(KEYS[3 * user - 1], KEYS[3 * user], ARGV[place], ARGV[1], ttl, is_renewed)
            end
            replies[user] = reply
            place = place + 2 + unpack('<I4', ARGV[place + 1], 21)
        end
        return replies
        """;

    /// <summary>
    /// Stores a user's window. ARGV user, now, TTL, stamp that must stand, then as <see cref="RedisWindowWrite"/> start, tail's offset and
    /// tail. Returns -1, and does nothing, where another stamp stands.
    /// </summary>
    public const string Commit = MarkDue + """
        if redis.call('GETRANGE', KEYS[1], 0, 24) ~= ARGV[4] then
            return -1
        end
        if ARGV[6] == '0' then
            redis.call('SET', KEYS[1], ARGV[5], 'PX', ARGV[3])
        else
            redis.call('SETRANGE', KEYS[1], 0, ARGV[5])
            if ARGV[7] ~= '' then
                redis.call('SETRANGE', KEYS[1], ARGV[6], ARGV[7])
            end
            redis.call('PEXPIRE', KEYS[1], ARGV[3])
        end
        return mark_due(KEYS[2], KEYS[3], ARGV[1], ARGV[2], ARGV[3], true)
        """;

    /// <summary>
    /// Raises a user's revision. ARGV user, now, TTL, the empty window that one without gets. Returns -1, and does nothing, where the value is
    /// no window.
    /// </summary>
    public const string Touch = MarkDue + """
        local current = redis.call('GETRANGE', KEYS[1], 0, 7)
        if current == '' then
            redis.call('SET', KEYS[1], ARGV[4], 'PX', ARGV[3])
        elseif #current < 8 then
            return -1
        else
            redis.call('SETRANGE', KEYS[1], 0, struct.pack('<i8i8', struct.unpack('<i8', current) + 1, tonumber(ARGV[2])))
            redis.call('PEXPIRE', KEYS[1], ARGV[3])
        end
        return mark_due(KEYS[2], KEYS[3], ARGV[1], ARGV[2], ARGV[3], true)
        """;

    // What is due has to last as long as the windows of those who are.
    private const string MarkDue = $"""
        local function mark_due(due, leases, user, now, ttl, is_renewed)
            local is_new = redis.call('ZADD', due, 'NX', now, user)
            if is_new == 1 or is_renewed then
                redis.call('PEXPIRE', due, ttl)
            end
            -- Who drains a partition goes on while a user is free, so only the first one needs announcing; claimed users may be due again.
            if is_new == 1 and redis.call('ZCARD', due) <= 1 + redis.call('ZCARD', leases) then
                redis.call('PUBLISH', '{DueChannel}', tonumber(due:match('%d+')))
            end
            return is_new
        end

        """;
}
