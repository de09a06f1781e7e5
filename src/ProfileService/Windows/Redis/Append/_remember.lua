-- Adds items to those that a user met. positions: four bits of the filter for each, as SeenItems.PositionsOf writes them.
local function remember(seen, positions)
    for at = 1, #positions, 8 do
        local first, second, third, fourth = struct.unpack('<I2I2I2I2', positions, at)
        redis.call('BITFIELD', seen, 'SET', 'u1', first, '1', 'SET', 'u1', second, '1', 'SET', 'u1', third, '1', 'SET', 'u1', fourth, '1')
    end
end

