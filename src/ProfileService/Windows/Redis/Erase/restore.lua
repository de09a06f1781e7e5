-- Sets marks of erased users that are missing or lower. KEYS: marks of a partition. ARGV: hash and mark in turn.
-- Returns the hashes of those that it set.
local set = {}
for i = 1, #ARGV, 2 do
    local found = redis.call('HGET', KEYS[1], ARGV[i])
    local is_lower = not found
    if found then
        local before, floor = struct.unpack('{{ErasureMark.LuaFormat}}', found)
        local other_before, other_floor = struct.unpack('{{ErasureMark.LuaFormat}}', ARGV[i + 1])
        is_lower = before < other_before or floor < other_floor
    end
    if is_lower then
        redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
        set[#set + 1] = ARGV[i]
    end
end
return set
