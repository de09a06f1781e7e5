-- Bytes that a window and what its user met take, their keys included; nil if there is no window.
-- KEYS: window, the filter of what was met.
-- A script, because the client sends a command that it has no method for to the connection's first database.
local window = redis.call('MEMORY', 'USAGE', KEYS[1], 'SAMPLES', '0')
return window and window + (redis.call('MEMORY', 'USAGE', KEYS[2], 'SAMPLES', '0') or 0)
