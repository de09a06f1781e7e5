-- Makes a user due; returns 1 if it was not due before, else 0. The set of due users must live as long as their windows.
local function mark_due(due, leases, user, now, ttl, is_renewed)
    local is_new = redis.call('ZADD', due, 'NX', now, user)
    if is_new == 1 or is_renewed then
        redis.call('PEXPIRE', due, ttl)
    end
    -- Whoever drains a partition goes on while a user is free, so only the first one is announced; claimed users may be due again.
    if is_new == 1 and redis.call('ZCARD', due) <= 1 + redis.call('ZCARD', leases) then
        redis.call('PUBLISH', '{{RedisWindowKeys.DueChannel}}', tonumber(due:match('%d+')))
    end
    return is_new
end

