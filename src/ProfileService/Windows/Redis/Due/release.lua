-- Makes the users of claims due again, since their oldest change; without users, those of all claims under the lease.
-- ARGV and what it returns are as of settle.lua.
local was_free = #free(1) > 0
local users, claims = held()
if #users > 0 then
    -- Deletions first: a full Redis refuses a write that needs memory, unless its script has already written.
    redis.call('ZREM', KEYS[2], unpack(users))
    redis.call('HDEL', KEYS[3], unpack(users))
    local due = {}
    for i, claim in ipairs(claims) do
        due[2 * i - 1], due[2 * i] = claim:sub({{RedisDueScripts.LeaseBytes}} + 1), users[i]
    end
    redis.call('ZADD', KEYS[1], 'LT', unpack(due))
    redis.call('PEXPIRE', KEYS[1], ARGV[1])
end
return announced(was_free)
