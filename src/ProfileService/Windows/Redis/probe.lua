-- Every command of an append, on keys of its own. KEYS: a string, a sorted set, marks of erased users. ARGV: TTL, the number to publish, 1
-- if what users meet is remembered.
-- A set that somebody else put there as something else is no reason to fail: appends do not use it.
redis.call('SET', KEYS[1], 'a window', 'PX', ARGV[1])
redis.call('SETRANGE', KEYS[1], '0', redis.call('GETRANGE', KEYS[1], '0', '0'))
redis.call('GET', KEYS[1])
redis.call('EXISTS', KEYS[1])
redis.call('HGET', KEYS[3], 'nobody')
redis.call('PEXPIRE', KEYS[1], ARGV[1])
if ARGV[3] == '1' then
    redis.call('BITFIELD', KEYS[1], 'SET', 'u1', '0', '1')
    redis.call('PTTL', KEYS[1])
    redis.call('DEL', KEYS[1])
end
local added = redis.pcall('ZADD', KEYS[2], 'NX', '0', 'nobody')
if type(added) ~= 'table' then
    redis.call('PEXPIRE', KEYS[2], ARGV[1])
    redis.call('ZCARD', KEYS[2])
elseif not added.err:find('WRONGTYPE') then
    return added
end
return redis.call('PUBLISH', '{{RedisWindowKeys.DueChannel}}', ARGV[2])
