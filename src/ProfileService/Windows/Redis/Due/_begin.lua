-- What follows, up to _each.lua, is run for one partition at a time, with KEYS and ARGV of that partition.
local function run(KEYS, ARGV)
