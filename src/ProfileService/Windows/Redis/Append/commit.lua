-- Stores a user's window if the stored one is what it was computed from, and makes the user due.
--
-- KEYS: window, due, leases, marks of erased users in the partition.
-- ARGV: user, now, TTL, the stamp that the stored value must have (RedisWindowValue.StampOf); then RedisWindowWrite: start, offset of the
--       tail, tail; then the hash of the user's id (RedisMarks.HashFor) and the mark as it was read, '' for none.
-- Returns 1 if the user was not due before, else 0. Does nothing and returns RedisAppendScripts.HasChanged if the stored value has another
-- stamp, or the user another mark; RedisAppendScripts.NeedsHash if the partition has marks and no hash is given.
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
