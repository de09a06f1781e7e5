-- What the queue has of a user. ARGV: the user. Returns since when the user is due, when the lease ends, and the claim; nil for each that is
-- missing.
return { redis.call('ZSCORE', KEYS[1], ARGV[1]), redis.call('ZSCORE', KEYS[2], ARGV[1]), redis.call('HGET', KEYS[3], ARGV[1]) }
