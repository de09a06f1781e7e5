-- Makes users due. ARGV: now, TTL, then the users. Returns as settle.lua does.
local was_free = #free(1) > 0
for i = 3, #ARGV do
    redis.call('ZADD', KEYS[1], 'NX', ARGV[1], ARGV[i])
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return announced(was_free)
