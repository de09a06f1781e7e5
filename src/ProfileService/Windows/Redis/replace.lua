-- Replaces a window by one of the same revision, whose user does not become due. It lives as long as before.
-- KEYS: window. ARGV: the stamp that the stored value must have (RedisWindowValue.StampOf), the new value.
-- Returns 1 if it did, else 0: the window was changed, dropped or erased meanwhile.
if redis.call('GETRANGE', KEYS[1], 0, {{RedisWindowLayout.LayoutAt}}) ~= ARGV[1] then
    return 0
end
redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
return 1
