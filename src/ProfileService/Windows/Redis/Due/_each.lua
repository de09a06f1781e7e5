end

-- KEYS: due, leases and claims of each partition. ARGV: of each partition the number of its arguments, then those.
-- Returns for each partition what the script returns, or the text of the error if it failed there (the client knows no error inside a
-- reply); an error alone if it failed for all.
local replies, place, failures = {}, 1, {}
for partition = 1, #KEYS / 3 do
    local last = place + tonumber(ARGV[place])
    local succeeded, reply = pcall(run, { unpack(KEYS, 3 * partition - 2, 3 * partition) }, { unpack(ARGV, place + 1, last) })
    if not succeeded then
        reply = type(reply) == 'table' and reply.err or reply
        reply = reply:match('^%u+ ') and reply or 'ERR ' .. reply -- Lua's own errors have no code
        failures[#failures + 1] = { err = reply }
    end
    replies[partition] = reply
    place = last + 1
end
return #failures < #replies and replies or failures[1]
