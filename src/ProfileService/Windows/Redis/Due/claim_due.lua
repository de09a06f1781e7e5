-- Leases users: those whose lease ran out first, then the longest due.
-- ARGV: now, lease end, lease, TTL, most users, the latest lease end that there can be ('' not to look for later ones), then as of take.
-- Returns as take does.
local most = tonumber(ARGV[5])
local users = expired(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1], 'LIMIT', 0, most))
if ARGV[6] ~= '' and #users == 0 then
    users = expired(redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. ARGV[6], '+inf', 'LIMIT', 0, most))
end
for _, value in ipairs(free(most - #users / 2)) do
    users[#users + 1] = value
end
return take(users)
