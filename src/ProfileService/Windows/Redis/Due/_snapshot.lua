-- What every script here begins with. KEYS: due, leases and claims of one partition (RedisWindowKeys.Due). Times are Unix ms.

-- Up to `most` users that are due and not claimed, the longest due first: user, due since, user, due since, and so on. A user that changed
-- while it was claimed is due and has a lease, so the search may have to pass users at the front.
local function free(most)
    local found, at, count = {}, 0, most
    while #found < 2 * most do
        local page = redis.call('ZRANGE', KEYS[1], at, at + count - 1, 'WITHSCORES')
        if #page == 0 then
            break
        end
        local users = {}
        for i = 1, #page, 2 do
            users[#users + 1] = page[i]
        end
        for i, lease_end in ipairs(redis.call('ZMSCORE', KEYS[2], unpack(users))) do
            if not lease_end and #found < 2 * most then
                found[#found + 1], found[#found + 2] = page[2 * i - 1], page[2 * i]
            end
        end
        at, count = at + count, math.min(2 * count, {{RedisDueScripts.MostUsers}})
    end
    return found
end

-- The partition in figures (DueSnapshot): since when the longest due user that nobody has is due, when the first lease runs out ('' for
-- none), how many users are due, and how many claimed. A user that changed while claimed is counted in both.
local function snapshot()
    local due, claimed = redis.call('ZCARD', KEYS[1]), redis.call('ZCARD', KEYS[2])
    local oldest = due > 0 and free(1) or {}
    local lease = claimed > 0 and redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES') or {}
    return { oldest[2] or '', lease[2] or '', due, claimed }
end

-- The snapshot, then 1 if a user is free and none was before, else 0.
local function announced(was_free)
    local reply = snapshot()
    reply[5] = not was_free and reply[1] ~= '' and 1 or 0
    return reply
end

