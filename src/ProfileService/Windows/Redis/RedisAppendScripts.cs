namespace ProfileService.Windows;

/// <summary>
/// The two atomic steps by which events get into <see cref="RedisWindowStore"/>. The rules of windows are in <see cref="Window"/>:
/// what it computed is committed where the window is still what it was computed from, and appended where it has nothing left to judge.
/// KEYS window, due, leases (<see cref="RedisWindowKeys"/>). ARGV begins with user, now, TTL and partition; times are Unix ms, the TTL is
/// <see cref="RedisTtl"/>. Where one stored something it made its user due, and returns 1 where the user was not due before, else 0.
/// </summary>
internal static class RedisAppendScripts
{
    /// <summary>Tells processes, by its number, of a partition where users may be claimed.</summary>
    public const string DueChannel = "profiles:due";

    /// <summary>
    /// Puts new events behind those of a window, or stores them as a window where there is none. ARGV further: most events; the timestamp
    /// (µs) that all stored events must be newer than; the new events as the value of a window of their own (<see cref="RedisWindowValue"/>);
    /// then their given ids, as the codec writes them. Returns the stored value, and does nothing, where the events have to be judged.
    /// </summary>
    /// <remarks>
    /// <see cref="RedisAppend"/> judged the events among themselves. The rest follows from order alone. Each is newer than the newest
    /// stored one: so none is late, all belong behind it as they are, and none has a stored derived id. The bytes of none's given id are
    /// stored, nor is a given id that looks derived: so none is a duplicate. All that is stored is young enough for the newest of them: so
    /// nothing falls out by age, only the oldest by number. Lua's numbers are doubles: where rounding makes two timestamps equal, the
    /// events are judged.
    /// </remarks>
    public const string Append = """
        local is_renewed, has_ids = true, #ARGV > 7
        local stored = redis.call('GETRANGE', KEYS[1], '0', has_ids and '-1' or '50')
        if stored == '' then
            redis.call('SET', KEYS[1], ARGV[7], 'PX', ARGV[3])
        else
            if #stored < 51 or stored:byte(25) ~= 0 then
                return redis.call('GET', KEYS[1])
            end
            local layout = '<i8i8i4i4BBBi4i4i8i8'
            local revision, touched, begin, finish, _, version, doubtful, limit, count, newest, oldest = struct.unpack(layout, stored)
            local _, _, from, to, _, new_version, _, _, added, _, new_oldest = struct.unpack(layout, ARGV[7])
            local judge = version ~= new_version or doubtful ~= 0 or new_oldest <= newest or oldest <= tonumber(ARGV[6])
            for i = 8, #ARGV do
                judge = judge or stored:find(ARGV[i], begin + 1, true)
            end

            local fallen = math.max(0, count + added - ARGV[5])
            for _ = 1, judge and 0 or fallen do
                local prefix = has_ids and stored:sub(begin + 1, begin + 10) or redis.call('GETRANGE', KEYS[1], begin, begin + 9)
                local length, unit, at = 0, 1, 0
                repeat
                    at = at + 1
                    local byte = prefix:byte(at) or 0
                    length = length + byte % 128 * unit
                    unit = unit * 128
                until byte < 128
                begin = begin + at + length
            end
            if judge or begin < 51 or begin > finish or finish > limit then
                return redis.call('GET', KEYS[1])
            end

            local function head()
                return struct.pack('<i8i8i4i4BBBi4i4', revision + added, ARGV[2], begin, finish, 0, version, 0, limit, count + added - fallen)
                    .. ARGV[7]:sub(36, 43) .. stored:sub(44, 51)
            end
            local events, at = ARGV[7]:sub(from + 1, to), finish
            finish = finish + #events
            if finish <= limit then
                redis.call('SETRANGE', KEYS[1], at, events)
                redis.call('SETRANGE', KEYS[1], '0', head())
                local period = ARGV[3] / 1001
                is_renewed = math.floor(touched / period) ~= math.floor(ARGV[2] / period)
                if is_renewed then
                    redis.call('PEXPIRE', KEYS[1], ARGV[3])
                end
            else
                local kept = at > begin and redis.call('GETRANGE', KEYS[1], begin, at - 1) or ''
                local length = #kept + #events
                local room = math.floor(length / 12)
                begin, finish, limit = 51, 51 + length, 51 + length + room
                redis.call('SET', KEYS[1], head() .. kept .. events .. string.rep('\0', room), 'PX', ARGV[3])
            end
        end

        """ + MarkDue;

    /// <summary>
    /// Stores a window. ARGV further: stamp that must stand, then as <see cref="RedisWindowWrite"/> start, tail's offset and tail.
    /// Returns -1, and does nothing, where another stamp stands.
    /// </summary>
    public const string Commit = """
        local is_renewed = true
        if redis.call('GETRANGE', KEYS[1], 0, 24) ~= ARGV[5] then
            return -1
        end
        if ARGV[7] == '0' then
            redis.call('SET', KEYS[1], ARGV[6], 'PX', ARGV[3])
        else
            redis.call('SETRANGE', KEYS[1], 0, ARGV[6])
            if ARGV[8] ~= '' then
                redis.call('SETRANGE', KEYS[1], ARGV[7], ARGV[8])
            end
            redis.call('PEXPIRE', KEYS[1], ARGV[3])
        end

        """ + MarkDue;

    // What is due has to last as long as the windows of those who are.
    private const string MarkDue = $"""
        local is_new = redis.call('ZADD', KEYS[2], 'NX', ARGV[2], ARGV[1])
        if is_new == 1 or is_renewed then
            redis.call('PEXPIRE', KEYS[2], ARGV[3])
        end
        -- Who drains a partition goes on while a user is free, so only the first one needs announcing; claimed users may be due again.
        if is_new == 1 and redis.call('ZCARD', KEYS[2]) <= 1 + redis.call('ZCARD', KEYS[3]) then
            redis.call('PUBLISH', '{DueChannel}', ARGV[4])
        end
        return is_new
        """;
}
