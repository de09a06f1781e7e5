using ProfileService.Platform;
using ProfileService.Windows.Redis.Layout;

namespace ProfileService.Windows.Redis.Append;

/// <summary>
/// The two steps by which events get into windows, atomic for each user. The rules of windows are in
/// <see cref="Window"/>: what it computed is committed where the window is still what it was computed from, and appended where it has
/// nothing left to judge. KEYS are <see cref="RedisWindowKeys.Append"/>; times are Unix ms, the TTL is <see cref="RedisTtl"/>. Where
/// something was stored, its user is made due, and the reply is 1 where the user was not due before, else 0.
/// </summary>
internal static class RedisAppendScripts
{
    /// <summary>
    /// Puts each user's new events behind those of its window, or stores them as a window where there is none. KEYS of each user. ARGV now,
    /// TTL, most events, <see cref="RedisWindowValue.State"/>; then of each user its id, what to add (<see cref="RedisAppend"/>), and the
    /// given ids in it, as the codec writes them. Returns for each user as above; its stored value, and does nothing, where the events
    /// have to be judged; its value in a table, and does nothing, where they need not, but the room is used up and events fell out.
    /// </summary>
    /// <remarks>
    /// <see cref="RedisAppend"/> judged a user's events among themselves. The rest follows from order alone. Each is newer than the newest
    /// stored one: so none is late, all belong behind it as they are, and none has a stored derived id. The bytes of none's given id are
    /// stored, nor is a given id that looks derived: so none is a duplicate. All that is stored is young enough for the newest of them: so
    /// nothing falls out by age, only the oldest by number. Lua's numbers are doubles: where rounding makes two timestamps equal, the
    /// events are judged. No event takes less than 6 bytes: a head that counts more is broken. The checksum is not checked but carried on
    /// (<see cref="RedisWindowSum"/>); what events that fell out add to it is not known here, so they are dropped by the client, once for
    /// every room of full windows.
    /// </remarks>
    public static readonly string Append = MarkDue + $$"""
        local call, unpack, pack, sub, floor = redis.call, struct.unpack, struct.pack, string.sub, math.floor
        local now, ttl, most, state = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3]), ARGV[4]
        local period = ttl / 1001
        local this_period = floor(now / period)

        local function write_anew(window, revision, sum, count, newest, oldest, events)
            local finish, room = {{RedisWindowLayout.HeadBytes}} + #events, floor(#events / {{RedisWindowLayout.RoomShare}})
            sum = (sum + {{RedisWindowSum.OfEnd}} * finish + {{RedisWindowSum.OfLimit}} * (finish + room)) % {{RedisWindowSum.Modulus}}
            local head = pack('{{RedisWindowLayout.HeadFormat}}', revision, 1 + revision % {{CheckedRevision.Prime}}, now, finish, 0, state, count, newest, sum, finish + room, oldest)
            call('SET', window, head .. events .. string.rep('\0', room), 'PX', ttl)
        end

        -- Returns whether the window's TTL is new; nil and its value where somebody else has to do it.
        local function append(window, place)
            local added = ARGV[place]
            local first, oldest_allowed, more, ids, sum_added, sum_anew = unpack('{{RedisAppend.Format}}', added)
            local stored = call('GETRANGE', window, '0', ids > 0 and '-1' or '{{RedisWindowLayout.HeadBytes - 1}}')
            local new_newest, events = sub(added, {{RedisAppend.NewestAt + 1}}, {{RedisAppend.HeadBytes}}), sub(added, {{RedisAppend.HeadBytes + 1}})
            if stored == '' and call('EXISTS', window) == 0 then
                local revision = now - 1 + more
                write_anew(window, revision, sum_anew + {{RedisWindowSum.OfRevision}} * revision + {{RedisWindowSum.OfTouched}} * now, more, new_newest, sub(added, 1, 8), events)
                return true
            elseif #stored < {{RedisWindowLayout.HeadBytes}} then
                return nil, call('GET', window)
            end

            local revision, check, touched, finish, fallen, found, count, low, high, sum, limit, oldest = unpack('{{RedisWindowLayout.ReadFormat}}', stored)
            local judge = found ~= state or first <= low + 4294967296 * high or oldest <= oldest_allowed or check ~= 1 + revision % {{CheckedRevision.Prime}}
                or finish > limit or {{RedisWindowLayout.HeadBytes}} + 6 * (fallen + count) > finish
            for i = place + 1, place + ids do
                judge = judge or stored:find(ARGV[i], {{RedisWindowLayout.HeadBytes + 1}}, true)
            end
            if judge then
                return nil, call('GET', window)
            end

            local start, out = finish, count + more - most
            revision, finish = revision + more, finish + #events
            sum = sum + sum_added - {{RedisWindowSum.OfNewest}} * (low + 5 * high) + {{RedisWindowSum.OfRevision}} * more + {{RedisWindowSum.OfTouched}} * (now - touched)
            if finish > limit then
                if fallen > 0 or out > 0 then
                    return nil, { call('GET', window) }
                end
                sum = sum + {{RedisWindowSum.OfCount}} * more - {{RedisWindowSum.OfEnd}} * start - {{RedisWindowSum.OfLimit}} * limit
                write_anew(window, revision, sum, count + more, new_newest, sub(stored, {{RedisWindowLayout.OldestAt + 1}}, {{RedisWindowLayout.HeadBytes}}), call('GETRANGE', window, '{{RedisWindowLayout.HeadBytes}}', start - 1) .. events)
                return true
            end

            local fell = out > 0 and out or 0
            sum = (sum + {{RedisWindowSum.OfEnd}} * #events + {{RedisWindowSum.OfFallen}} * fell + {{RedisWindowSum.OfCount}} * (more - fell)) % {{RedisWindowSum.Modulus}}
            call('SETRANGE', window, start, events)
            call('SETRANGE', window, '0', pack('{{RedisWindowLayout.StartFormat}}', revision, 1 + revision % {{CheckedRevision.Prime}}, now, finish, fallen + fell, state, count + more - fell, new_newest, sum))
            local is_renewed = floor(touched / period) ~= this_period
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
            place = place + 2 + unpack('<I4', ARGV[place + 1], {{RedisAppend.IdsAt + 1}})
        end
        return replies
        """;

    /// <summary>
    /// Stores a user's window. ARGV user, now, TTL, stamp that must stand, then as <see cref="RedisWindowWrite"/> start, tail's offset and
    /// tail. Returns -1, and does nothing, where another stamp stands.
    /// </summary>
    public static readonly string Commit = MarkDue + $$"""
        if redis.call('GETRANGE', KEYS[1], 0, {{RedisWindowLayout.LayoutAt}}) ~= ARGV[4] then
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

    // What is due has to last as long as the windows of those who are.
    private const string MarkDue = $"""
        local function mark_due(due, leases, user, now, ttl, is_renewed)
            local is_new = redis.call('ZADD', due, 'NX', now, user)
            if is_new == 1 or is_renewed then
                redis.call('PEXPIRE', due, ttl)
            end
            -- Who drains a partition goes on while a user is free, so only the first one needs announcing; claimed users may be due again.
            if is_new == 1 and redis.call('ZCARD', due) <= 1 + redis.call('ZCARD', leases) then
                redis.call('PUBLISH', '{RedisWindowKeys.DueChannel}', tonumber(due:match('%d+')))
            end
            return is_new
        end

        """;
}
