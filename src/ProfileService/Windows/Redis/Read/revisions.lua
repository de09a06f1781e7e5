-- Reads revisions, all in one reply. KEYS: windows, of one server.
-- Returns 8 bytes for each, zeros if there is no window. A key that is none counts so too, because those who ask need not know each other.
-- If a value has no revision, it is 8 bytes of 255.
local revisions, none = {}, string.rep('\0', {{RedisWindowLayout.TouchedAt}})
for i = 1, #KEYS do
    local revision = redis.pcall('GETRANGE', KEYS[i], {{RedisWindowLayout.RevisionAt}}, {{RedisWindowLayout.TouchedAt}} - 1)
    if revision == '' or revision.err then
        revision = none
    elseif revision == none or #revision < {{RedisWindowLayout.TouchedAt}} then
        revision = string.rep('\255', {{RedisWindowLayout.TouchedAt}})
    end
    revisions[i] = revision
end
return table.concat(revisions)
