-- Users whose leases ran out, and since when they are due, in turn; what the old claim held counts too.
local function expired(users)
    local found = {}
    if #users == 0 then
        return found
    end
    local scores = redis.call('ZMSCORE', KEYS[1], unpack(users))
    for i, claim in ipairs(redis.call('HMGET', KEYS[3], unpack(users))) do
        local since = claim and claim:sub({{RedisDueScripts.LeaseBytes}} + 1)
        if scores[i] and (not since or tonumber(scores[i]) < tonumber(since)) then
            since = scores[i]
        end
        found[#found + 1], found[#found + 2] = users[i], since or ARGV[1]
    end
    return found
end

-- Leases users, given with since when they are due in turn. ARGV: now, lease end, lease, TTL. Returns the snapshot, then what was given.
local function take(taken)
    if #taken > 0 then
        local users, ends, claims = {}, {}, {}
        for i = 1, #taken, 2 do
            users[#users + 1] = taken[i]
            ends[i], ends[i + 1] = ARGV[2], taken[i]
            claims[i], claims[i + 1] = taken[i], ARGV[3] .. taken[i + 1]
        end
        redis.call('ZREM', KEYS[1], unpack(users))
        redis.call('ZADD', KEYS[2], unpack(ends))
        redis.call('HSET', KEYS[3], unpack(claims))
        redis.call('PEXPIRE', KEYS[2], ARGV[4])
        redis.call('PEXPIRE', KEYS[3], ARGV[4])
    end
    local reply = snapshot()
    for i = 1, #taken do
        reply[#reply + 1] = taken[i]
    end
    return reply
end

