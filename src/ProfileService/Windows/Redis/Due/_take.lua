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

-- Leases users, given with since when they are due in turn, and reads their windows first: where those cannot be read, nothing is leased.
-- ARGV: now, lease end, lease, TTL, two of the script that calls it, then what the keys of the partition's windows begin with.
-- Returns the snapshot, then user, since when due, and window in turn; nil for a window that is gone.
local function take(taken)
    local users, windows, ends, claims, values = {}, {}, {}, {}, {}
    for i = 1, #taken, 2 do
        local user = taken[i]
        users[#users + 1], windows[#users + 1] = user, ARGV[7] .. user
        ends[i], ends[i + 1] = ARGV[2], user
        claims[i], claims[i + 1] = user, ARGV[3] .. taken[i + 1]
    end
    if #users > 0 then
        values = redis.call('MGET', unpack(windows))
        redis.call('ZREM', KEYS[1], unpack(users))
        redis.call('ZADD', KEYS[2], unpack(ends))
        redis.call('HSET', KEYS[3], unpack(claims))
        redis.call('PEXPIRE', KEYS[2], ARGV[4])
        redis.call('PEXPIRE', KEYS[3], ARGV[4])
    end
    local reply = snapshot()
    for i, user in ipairs(users) do
        local at = #reply
        reply[at + 1], reply[at + 2], reply[at + 3] = user, taken[2 * i], values[i]
    end
    return reply
end
