-- Which server this is, and how far its memory reached when this life of it began. Begins an era where there is none.
-- KEYS  1 prefix of the partition
-- returns {identity, time of the last write that it knew when it began (ms; '' if it knew of none)}
if not redis.call('GET', key('era')) then redis.call('SET', key('era'), clock[1] .. '-' .. clock[2]) end
local this = identity()
local known, reach = unpack(redis.call('HMGET', key('life'), 'identity', 'reach'))
if known ~= this then
  -- The pulse goes on with the first claim; what it was before is what everybody has to compare from.
  reach = redis.call('GET', key('pulse')) or ''
  redis.call('HSET', key('life'), 'identity', this, 'reach', reach, 'since', whole(now))
end
return { this, reach }
