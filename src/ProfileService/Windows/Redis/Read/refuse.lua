-- Has a window refused from now on by the script that appends, which reads no events. KEYS: window. ARGV: the version key that it
-- must have.
if redis.call('GETRANGE', KEYS[1], 0, {{RedisWindowLayout.LayoutAt}}) == ARGV[1] then
    redis.call('SETRANGE', KEYS[1], {{RedisWindowLayout.LayoutAt}}, string.char({{RedisWindowLayout.Altered}}))
end
