-- Sets marks of erased users that are missing or lower. KEYS: marks of a partition. ARGV: hash and mark in turn.
-- Returns the hashes of those that it set.
local set = {}
for i = 1, #ARGV, 2 do
    local found, mark = redis.call('HGET', KEYS[1], ARGV[i]), ARGV[i + 1]
    local is_lower = not found
    if found then
        local before, floor = struct.unpack('{{ErasureMark.LuaFormat}}', found)
        local other_before, other_floor = struct.unpack('{{ErasureMark.LuaFormat}}', mark)
        is_lower = before < other_before or floor < other_floor
        local highest = struct.pack('{{ErasureMark.LuaFormat}}', math.max(before, other_before), math.max(floor, other_floor))
        mark = highest .. mark:sub(#highest + 1)
    end
    if is_lower then
        redis.call('HSET', KEYS[1], ARGV[i], mark)
        set[#set + 1] = ARGV[i]
    end
end
return set
