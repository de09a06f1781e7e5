-- Those of the users that are claimed under the lease, and their claims; of all users if none is named.
-- ARGV: one of the script that calls it, lease, then users.
local function held()
    local users, claims = {}, {}
    local function keep(user, claim)
        if claim and claim:sub(1, {{RedisDueScripts.LeaseBytes}}) == ARGV[2] then
            users[#users + 1], claims[#claims + 1] = user, claim
        end
    end
    if #ARGV == 2 then
        local all = redis.call('HGETALL', KEYS[3])
        for i = 1, #all, 2 do
            keep(all[i], all[i + 1])
        end
    else
        for i, claim in ipairs(redis.call('HMGET', KEYS[3], unpack(ARGV, 3))) do
            keep(ARGV[i + 2], claim)
        end
    end
    return users, claims
end

