-- Puts each user's new events behind those of its window, or stores them as a window if there is none, and makes the user due.
--
-- KEYS: of each user its window, due and leases; then of each user the marks of erased users in its partition; then, if what users meet is
--       remembered, of each user the filter of that (SeenItems).
-- ARGV: now, the TTL, the most events of a window, the state of a head that may be added to (RedisWindowValue.State), 1 if what users meet
--       is remembered, else 0; then of each user its id, what to add (RedisAppendLayout), the hash of its id (RedisMarks.HashFor), the
--       given ids in what to add, as the codec writes them, and, if that is remembered, the bits of its items (SeenItems.PositionsOf).
-- Returns for each user 1 if it was not due before, else 0; its stored value, and does nothing, if the events have to be judged; its value
-- in a table, and does nothing, if they need not, but the room is used up and events fell out. Does nothing either and returns
-- RedisAppendScripts.NeedsHash if the partition has marks and no hash is given, RedisAppendScripts.IsErased if the user was erased and the
-- rules have to say which of the events are from before.
--
-- RedisAppend judged a user's events among themselves. The rest follows from order alone. Each is newer than the newest stored one: so none
-- is late, all belong behind it as they are, and none has a stored derived id. The bytes of none's given id are stored, nor is a given id
-- that looks derived: so none is a duplicate. All that is stored is young enough for the newest of them: so nothing falls out by age, only
-- the oldest by number. Lua's numbers are doubles: if rounding makes two timestamps equal, the events are judged. No event takes less than
-- 6 bytes: a head that counts more is broken. The checksum is not checked but carried on (RedisWindowSum; 2^32 is 5 by its modulus); what
-- events that fell out add to it is not known here, so they are dropped by the client, once for every room of full windows.
local call, read, write, sub, floor = redis.call, struct.unpack, struct.pack, string.sub, math.floor
local now, ttl, most, state, remembers = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3]), ARGV[4], tonumber(ARGV[5])
local period = ttl / {{RedisTtl.Periods}}
local this_period = floor(now / period)

local function write_anew(window, revision, sum, count, newest, oldest, events)
    local finish, room = {{RedisWindowLayout.HeadBytes}} + #events, floor(#events / {{RedisWindowLayout.RoomShare}})
    sum = (sum + {{RedisWindowSum.OfEnd}} * finish + {{RedisWindowSum.OfLimit}} * (finish + room)) % {{RedisWindowSum.Modulus}}
    local head = write('{{RedisWindowLayout.HeadFormat}}', revision, 1 + revision % {{CheckedRevision.Prime}}, now, finish, 0, state,
        count, newest, sum, finish + room, oldest)
    call('SET', window, head .. events .. string.rep('\0', room), 'PX', ttl)
end

-- Returns whether the window's TTL is new; nil and its value if somebody else has to do it: also if the user has no filter yet, because
-- that has to have the window's items.
local function append(window, place, least, seen)
    local added = ARGV[place]
    local first, oldest_allowed, more, ids, sum_added, sum_anew = read('{{RedisAppendLayout.Format}}', added)
    local stored = call('GETRANGE', window, '0', ids > 0 and '-1' or '{{RedisWindowLayout.LastOfHead}}')
    local new_newest = sub(added, {{RedisAppendLayout.NewestAt}} + 1, {{RedisAppendLayout.HeadBytes}})
    local events = sub(added, {{RedisAppendLayout.HeadBytes}} + 1)
    if stored == '' and call('EXISTS', window) == 0 then
        local revision = (least > now - 1 and least or now - 1) + more
        local sum = sum_anew + {{RedisWindowSum.OfRevision}} * revision + {{RedisWindowSum.OfTouched}} * now
        local new_oldest = sub(added, {{RedisAppendLayout.OldestAt}} + 1, {{RedisAppendLayout.OldestAllowedAt}})
        write_anew(window, revision, sum, more, new_newest, new_oldest, events)
        if seen then
            call('SET', seen, string.rep('\0', {{SeenItems.Bytes}}))
        end
        return true
    elseif #stored < {{RedisWindowLayout.HeadBytes}} then
        return nil, call('GET', window)
    end

    local revision, check, touched, finish, fallen, found, count, low, high, sum, limit, oldest =
        read('{{RedisWindowLayout.ReadFormat}}', stored)
    local judge = found ~= state or first <= low + 4294967296 * high or oldest <= oldest_allowed
        or check ~= 1 + revision % {{CheckedRevision.Prime}}
        or finish > limit or {{RedisWindowLayout.HeadBytes}} + 6 * (fallen + count) > finish
        or seen and call('EXISTS', seen) == 0
    for i = place + 2, place + 1 + ids do
        judge = judge or stored:find(ARGV[i], {{RedisWindowLayout.HeadBytes}} + 1, true)
    end
    if judge then
        return nil, call('GET', window)
    end

    local start, out = finish, count + more - most
    revision, finish = revision + more, finish + #events
    sum = sum + sum_added - {{RedisWindowSum.OfNewest}} * (low + 5 * high) + {{RedisWindowSum.OfRevision}} * more
        + {{RedisWindowSum.OfTouched}} * (now - touched)
    if finish > limit then
        if fallen > 0 or out > 0 then
            return nil, { call('GET', window) }
        end
        sum = sum + {{RedisWindowSum.OfCount}} * more - {{RedisWindowSum.OfEnd}} * start - {{RedisWindowSum.OfLimit}} * limit
        local old_oldest = sub(stored, {{RedisWindowLayout.OldestAt}} + 1, {{RedisWindowLayout.HeadBytes}})
        local old_events = call('GETRANGE', window, '{{RedisWindowLayout.HeadBytes}}', start - 1)
        write_anew(window, revision, sum, count + more, new_newest, old_oldest, old_events .. events)
        return true
    end

    local fell = out > 0 and out or 0
    sum = (sum + {{RedisWindowSum.OfEnd}} * #events + {{RedisWindowSum.OfFallen}} * fell + {{RedisWindowSum.OfCount}} * (more - fell))
        % {{RedisWindowSum.Modulus}}
    call('SETRANGE', window, start, events)
    call('SETRANGE', window, '0', write('{{RedisWindowLayout.StartFormat}}', revision, 1 + revision % {{CheckedRevision.Prime}}, now,
        finish, fallen + fell, state, count + more - fell, new_newest, sum))
    local is_renewed = floor(touched / period) ~= this_period
    if is_renewed then
        call('PEXPIRE', window, ttl)
    end
    return is_renewed
end

-- The least revision of a window that begins anew; nil and a reply if the events have to be judged.
local function least_revision(marks, hash, added)
    if hash == '' then
        if call('EXISTS', marks) == 1 then
            return nil, {{RedisAppendScripts.NeedsHash}}
        end
        return 0
    end
    local mark = call('HGET', marks, hash)
    if not mark then
        return 0
    end
    local before, floor_of_mark = read('{{ErasureMark.LuaFormat}}', mark)
    if read('<i8', added) <= before then
        return nil, {{RedisAppendScripts.IsErased}}
    end
    return floor_of_mark
end

local replies, place, users = {}, 6, #KEYS / (4 + remembers)
local has_marks = call('EXISTS', unpack(KEYS, 3 * users + 1)) > 0
for user = 1, users do
    local least, is_renewed, reply = 0, nil, nil
    local seen = KEYS[4 * users + user]
    local next_place = place + 3 + read('<I4', ARGV[place + 1], {{RedisAppendLayout.IdsAt}} + 1) + remembers
    if has_marks then
        least, reply = least_revision(KEYS[3 * users + user], ARGV[place + 2], ARGV[place + 1])
    end
    if least then
        is_renewed, reply = append(KEYS[3 * user - 2], place + 1, least, seen)
    end
    if seen and is_renewed ~= nil then
        remember(seen, ARGV[next_place - 1])
        if is_renewed then
            call('PEXPIRE', seen, ttl)
        end
    end
    if is_renewed ~= nil then
        reply = mark_due(KEYS[3 * user - 1], KEYS[3 * user], ARGV[place], ARGV[1], ttl, is_renewed)
    end
    replies[user] = reply
    place = next_place
end
return replies
