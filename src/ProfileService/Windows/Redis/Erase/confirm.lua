-- Gives marks that were restored their final form. KEYS: marks of a partition. ARGV: hash, the mark as it was restored, and its final form in
-- turn. One that has changed stays.
for i = 1, #ARGV, 3 do
    if redis.call('HGET', KEYS[1], ARGV[i]) == ARGV[i + 1] then
        redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 2])
    end
end
