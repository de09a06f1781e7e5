-- A hundred new events of a hundred users a request. wrk -t1 -c32 -d5s --latency -s ingest.lua URL
local user, ms, kinds = 0, 0, { "view", "click", "cart", "purchase", "rating" }
function request()
  ms = math.max(ms + 1, os.time() * 1000)
  local time = os.date("!%Y-%m-%dT%H:%M:%S", math.floor(ms / 1000)) .. string.format(".%03dZ", ms % 1000)
  local events = {}
  for i = 1, 100 do
    user = user % 6400 + 1
    events[i] = string.format('{"userId":"load-%06d","kind":"%s","itemId":"%d","timestamp":"%s","categories":["Drama","Action"],"value":%d}',
      user, kinds[math.random(5)], math.random(1000, 1999), time, math.random(5))
  end
  return wrk.format("POST", "/v1/events", { ["Content-Type"] = "application/json", Accept = "application/json" }, "[" .. table.concat(events, ",") .. "]")
end
