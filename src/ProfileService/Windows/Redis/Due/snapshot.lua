-- The snapshot alone, in which no user is counted twice.
local reply = snapshot()
reply[3] = reply[3] - redis.call('ZINTERCARD', 2, KEYS[1], KEYS[2])
return reply
