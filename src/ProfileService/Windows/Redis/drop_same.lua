-- Drops a window and its user's claim if the window's value is as it was read. KEYS: window, due, leases, claims. ARGV: user, the value.
-- Returns 1 if it did, else 0.
if redis.call('GET', KEYS[1]) ~= ARGV[2] then
    return 0
end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('HDEL', KEYS[4], ARGV[1])
return redis.call('DEL', KEYS[1])
