-- Gives the windows to a process for some time, if no other process has them, or takes them back. KEYS: profiles:owner.
-- ARGV: the process, for how many ms; 0 takes them back. Returns whose they are, or were.
local owner = redis.call('GET', KEYS[1]) or ARGV[1]
if owner ~= ARGV[1] then
    return owner
end
if ARGV[2] == '0' then
    redis.call('DEL', KEYS[1])
else
    redis.call('SET', KEYS[1], owner, 'PX', ARGV[2])
end
return owner
