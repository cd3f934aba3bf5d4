-- Says that a journal has told this server everything, and tells which others have not.
-- KEYS  1 prefix of the partition
-- ARGV  1 identity of the server that was told  2 name of the journal  3 how long a journal counts that was not heard of (ms)
-- returns {names of the others, ms since this life of the server was first looked at}; {} from another server
local this = identity()
if this ~= ARGV[1] then return {} end
local known, reach, since = unpack(redis.call('HMGET', key('life'), 'identity', 'reach', 'since'))
if known ~= this then return {} end

local waiting, members, day = {}, redis.call('HGETALL', key('members')), 86400000
for i = 1, #members, 2 do
  local told, seen = string.match(members[i + 1], '^(%S+) (%d+)$')
  if tonumber(seen) + day < now then
    redis.call('HDEL', key('members'), members[i])
  elseif told ~= this and members[i] ~= ARGV[2] then
    -- Who was gone before this life began has nothing to tell that is missing.
    if tonumber(seen) + tonumber(ARGV[3]) < (tonumber(reach) or 0) then
      redis.call('HDEL', key('members'), members[i])
    else
      waiting[#waiting + 1] = members[i]
    end
  end
end
redis.call('HSET', key('members'), ARGV[2], this .. ' ' .. whole(now))
return { waiting, math.floor(now - tonumber(since)) }
