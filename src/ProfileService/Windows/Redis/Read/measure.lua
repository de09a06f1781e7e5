-- Bytes that a window and what its user met take, their keys included; nil if there is no window.
-- KEYS: window, the filter of what was met.
-- A script, because a command that the client knows by its name alone goes to the connection's first database.
local window = redis.call('MEMORY', 'USAGE', KEYS[1], 'SAMPLES', '0')
return window and window + (redis.call('MEMORY', 'USAGE', KEYS[2], 'SAMPLES', '0') or 0)
