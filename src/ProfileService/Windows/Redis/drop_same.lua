-- Drops a window, its user's claim and what the user met if both values are as they were read.
-- KEYS: window, due, leases, claims, the filter of what was met. ARGV: user, the window's value, that of the filter ('' for none).
-- Returns 1 if it did, else 0.
if redis.call('GET', KEYS[1]) ~= ARGV[2] or (redis.call('GET', KEYS[5]) or '') ~= ARGV[3] then
    return 0
end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('HDEL', KEYS[4], ARGV[1])
redis.call('DEL', KEYS[5])
return redis.call('DEL', KEYS[1])
