-- Single lookups of the 6,400 users of `profiles load`, in turn. wrk -t1 -c32 -d5s --latency -s lookup.lua URL
local user = 0
function request()
  user = user % 6400 + 1
  return wrk.format("GET", string.format("/v1/users/load-%06d/profile", user), { Accept = "application/json" })
end
