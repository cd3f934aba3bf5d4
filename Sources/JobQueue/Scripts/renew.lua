-- Extends leases that still stand. A record that is behind a claim of another life of the server has lost writes:
-- there the claim is put in force again.
-- KEYS  1 prefix of the partition
-- ARGV  1 lease (ms), then for each claim: id, epoch, worker, identity of the server that it was made on
-- returns the ids that are no longer held
local lost, ends = {}, whole(now + tonumber(ARGV[1]))

local function renew(id, epoch, worker, server)
  local record = record_key(id)
  local state, current, owner, queue, started = fields(id, 'state', 'epoch', 'owner', 'queue', 'started')
  if state == 'in_progress' and current == epoch and owner == worker then
    gather('ZADD', 'leases', ends, id)
  elseif is_live(state) and (tonumber(current) or 0) < tonumber(epoch) and server ~= identity() then
    redis.call('HDEL', record, 'next')
    redis.call('ZREM', key('due'), id)
    hold(id, queue, state, epoch, worker, ends, started)
  else
    lost[#lost + 1] = id
  end
end

for i = 2, #ARGV, 4 do renew(unpack(ARGV, i, i + 3)) end
return lost
