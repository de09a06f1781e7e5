-- Leases one user if it is due and nobody has it.
-- ARGV: now, lease end, lease, TTL, user, the latest lease end that there can be, then as of take. Returns as take does.
local lease_end = redis.call('ZSCORE', KEYS[2], ARGV[5])
if lease_end then
    local is_over = tonumber(lease_end) <= tonumber(ARGV[1]) or tonumber(lease_end) > tonumber(ARGV[6])
    return take(is_over and expired({ ARGV[5] }) or {})
end
local since = redis.call('ZSCORE', KEYS[1], ARGV[5])
return take(since and { ARGV[5], since } or {})
