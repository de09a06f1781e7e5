-- Drops a window, its user's claim and what the user met. KEYS: window, due, leases, claims, the filter of what was met.
-- ARGV: user, the bytes of when something last came, which must be as they were. Returns 1 if it did, else 0.
if redis.call('GETRANGE', KEYS[1], {{RedisWindowLayout.TouchedAt}}, {{RedisWindowLayout.EndAt}} - 1) ~= ARGV[2] then
    return 0
end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('HDEL', KEYS[4], ARGV[1])
redis.call('DEL', KEYS[5])
return redis.call('DEL', KEYS[1])
