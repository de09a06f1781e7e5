-- Replaces a window with one of the same revision. It keeps its TTL, and its user does not become due.
-- KEYS: window. ARGV: the version key that the stored value must have (RedisWindowValue.VersionKeyOf), the new value.
-- Returns 1 if it did, else 0: the window was changed, dropped or erased meanwhile.
if redis.call('GETRANGE', KEYS[1], 0, {{RedisWindowLayout.LayoutAt}}) ~= ARGV[1] then
    return 0
end
redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
return 1
