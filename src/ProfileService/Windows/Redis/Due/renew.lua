-- Gives claims a later end; one under another lease is left alone. ARGV: lease end, lease, then users. Returns as settle.lua does.
local ends = {}
for i, user in ipairs((held())) do
    ends[2 * i - 1], ends[2 * i] = ARGV[1], user
end
if #ends > 0 then
    redis.call('ZADD', KEYS[2], 'XX', unpack(ends))
end
return announced(true)
