-- Adds items to those that a user met. positions: the bits of the filter, as SeenItems.PositionsOf writes them.
local function remember(seen, positions)
    local set = {}
    for at = 1, #positions, 2 do
        local n = #set
        set[n + 1], set[n + 2], set[n + 3], set[n + 4] = 'SET', 'u1', struct.unpack('<I2', positions, at), 1
        if #set > 4000 then -- Lua passes at most 8,000 values to a command
            redis.call('BITFIELD', seen, unpack(set))
            set = {}
        end
    end
    if #set > 0 then
        redis.call('BITFIELD', seen, unpack(set))
    end
end

