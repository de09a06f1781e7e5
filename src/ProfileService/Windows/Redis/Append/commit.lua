-- Stores a user's window if the stored one is what it was computed from, and makes the user due.
--
-- KEYS: window, due, leases.
-- ARGV: user, now, TTL, the stamp that the stored value must have (RedisWindowValue.StampOf); then RedisWindowWrite: start, offset of the
--       tail, tail.
-- Returns 1 if the user was not due before, else 0; -1, and does nothing, if the stored value has another stamp.
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
