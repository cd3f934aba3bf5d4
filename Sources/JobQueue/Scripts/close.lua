-- Put behind every other script: runs it, and writes what it has gathered, also when it breaks off: what it had written
-- before stays, and belongs to that.
end

local is_done, reply = pcall(main)

for field, by in pairs(moves) do
  if by ~= 0 then redis.call('HINCRBY', key('census'), field, by) end
end
-- In parts, because `unpack` has a limit.
for _, list in pairs(gathered) do
  for i = 1, #list, 1000 do
    redis.call(list.command, list.key, unpack(list, i, math.min(i + 999, #list)))
  end
end
if is_waking and redis.call('EXISTS', key('wake')) == 0 then redis.call('LPUSH', key('wake'), '1') end
if not is_done then return error(reply) end
return reply
