-- Gives marks that were restored their final form; one that has changed stays.
-- KEYS: marks of a partition. ARGV: hash, the mark as it was restored, and its final form in turn.
for i = 1, #ARGV, 3 do
    if redis.call('HGET', KEYS[1], ARGV[i]) == ARGV[i + 1] then
        redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 2])
    end
end
