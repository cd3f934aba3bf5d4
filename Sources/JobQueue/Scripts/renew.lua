-- Extends leases that still stand.
-- KEYS  1 prefix of the partition
-- ARGV  1 lease (ms), then pairs: id, epoch
-- returns the ids that this worker no longer holds
local lost = {}
for i = 2, #ARGV, 2 do
  local id = ARGV[i]
  local state, epoch = unpack(redis.call('HMGET', record_key(id), 'state', 'epoch'))
  if state == 'in_progress' and epoch == ARGV[i + 1] then
    redis.call('ZADD', key('leases'), whole(now + tonumber(ARGV[1])), id)
  else
    lost[#lost + 1] = id
  end
end
return lost
