-- Stores a user's window if the stored one is what it was computed from, and makes the user due; or stores only the items that the user
-- met.
--
-- KEYS: window, due, leases, marks of erased users in the partition; then, if what users meet is remembered, its filter (SeenItems).
-- ARGV: user, now, TTL, the version key that the stored value must have (RedisWindowValue.VersionKeyOf); then RedisWindowWrite: start
--       ('' if the window stays), offset of the tail, tail; then the hash of the user's id (RedisMarks.HashFor) and the mark as it was
--       read, '' for none; then MetItems: positions, and the whole filter, '' if it is not known.
-- Returns 1 if the user was not due before, else 0. Does nothing and returns RedisAppendScripts.HasChanged if the stored value has another
-- version key, the user another mark, or the filter is gone; RedisAppendScripts.NeedsHash if the partition has marks and no hash is given.
if redis.call('GETRANGE', KEYS[1], 0, {{RedisWindowLayout.LayoutAt}}) ~= ARGV[4] then
    return {{RedisAppendScripts.HasChanged}}
end
if ARGV[8] == '' then
    if redis.call('EXISTS', KEYS[4]) == 1 then
        return {{RedisAppendScripts.NeedsHash}}
    end
elseif (redis.call('HGET', KEYS[4], ARGV[8]) or '') ~= ARGV[9] then
    return {{RedisAppendScripts.HasChanged}}
end
local seen, writes, is_first = KEYS[5], ARGV[5] ~= '', ARGV[4] == ''
local has_seen = seen and not is_first and redis.call('EXISTS', seen) == 1 -- what a dropped window left is of no use
if ARGV[10] ~= '' and ARGV[11] == '' and not has_seen then
    return {{RedisAppendScripts.HasChanged}}
end
if ARGV[6] ~= '0' then
    redis.call('SETRANGE', KEYS[1], 0, ARGV[5])
    if ARGV[7] ~= '' then
        redis.call('SETRANGE', KEYS[1], ARGV[6], ARGV[7])
    end
    redis.call('PEXPIRE', KEYS[1], ARGV[3])
elseif writes then
    redis.call('SET', KEYS[1], ARGV[5], 'PX', ARGV[3])
end
if has_seen then
    remember(seen, ARGV[10])
elseif seen and ARGV[11] ~= '' then
    redis.call('SET', seen, ARGV[11])
elseif seen then
    redis.call('DEL', seen)
end
if seen then
    redis.call('PEXPIRE', seen, writes and ARGV[3] or redis.call('PTTL', KEYS[1])) -- at once if the window is gone
end
return writes and mark_due(KEYS[2], KEYS[3], ARGV[1], ARGV[2], ARGV[3], true) or 0
