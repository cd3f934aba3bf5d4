-- Put behind every other script: runs it, and writes what it has gathered, also when it breaks off: what it had written
-- before stays, and belongs to that.
end

local is_done, reply = pcall(main)

for queue, by in pairs(moves) do
  for state, number in pairs(by) do
    if number ~= 0 then redis.call('HINCRBY', key('census'), queue .. ':' .. state, number) end
  end
end
for payer, by in pairs(charges) do
  if by ~= 0 then redis.call('HINCRBY', key('callers'), payer, by) end
end
-- A month after the last of its jobs has moved, a batch is forgotten.
local function keep(name) redis.call('PEXPIRE', name, 2678400000) end
for batch, by in pairs(tallies) do
  local name = key('batch:' .. batch)
  for state, number in pairs(by) do
    if number ~= 0 then redis.call('HINCRBY', name, state, number) end
  end
  keep(name)
end
-- In parts, because `unpack` has a limit.
for command, lists in pairs(gathered) do
  for name, list in pairs(lists) do
    for i = 1, #list, 1000 do
      redis.call(command, key(name), unpack(list, i, math.min(i + 999, #list)))
    end
  end
end
for batch in pairs(tallies) do keep(key('batch:' .. batch .. ':ended')) end
if is_waking and redis.call('EXISTS', key('wake')) == 0 then redis.call('LPUSH', key('wake'), '1') end
if not is_done then return error(reply) end
return reply
