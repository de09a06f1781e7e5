-- Bytes that a window takes, its key included; nil if there is none. KEYS: window.
-- A script, because a command that the client knows by its name alone goes to the connection's first database.
return redis.call('MEMORY', 'USAGE', KEYS[1], 'SAMPLES', '0')
