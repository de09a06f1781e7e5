-- Ends claims; one under another lease is left alone. ARGV: TTL, lease, then users.
-- Returns the snapshot, then 1 if a user is free and none was before, else 0.
local was_free = #free(1) > 0
local users = held()
if #users > 0 then
    redis.call('ZREM', KEYS[2], unpack(users))
    redis.call('HDEL', KEYS[3], unpack(users))
end
return announced(was_free)
