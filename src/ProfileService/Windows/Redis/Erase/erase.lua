-- Sets a user's mark, and removes the window, what was met, any claim and cached profiles, if mark and window are as they were read. All
-- in one step: a replica that takes the primary's place has all of it or nothing, and MarkKeeper notices only marks that are missing.
--
-- KEYS: window, due, leases, claims, marks of the partition, the filter of what was met, cached profiles.
-- ARGV: user, the version key that the window must have (RedisWindowValue.VersionKeyOf), the hash of the user's id, the mark as it was
--       read ('' for none), the new mark.
-- Returns 1 and the number of cached profiles if it did, else 0.
if redis.call('GETRANGE', KEYS[1], 0, {{RedisWindowLayout.LayoutAt}}) ~= ARGV[2]
    or (redis.call('HGET', KEYS[5], ARGV[3]) or '') ~= ARGV[4] then
    return 0
end
redis.call('DEL', KEYS[1]) -- first, because a full Redis lets a script go on that has begun to write
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('HDEL', KEYS[4], ARGV[1])
redis.call('HSET', KEYS[5], ARGV[3], ARGV[5])
redis.call('DEL', KEYS[6])
local deleted = 0
for i = 7, #KEYS do
    deleted = deleted + redis.call('DEL', KEYS[i])
end
return 1 + deleted
