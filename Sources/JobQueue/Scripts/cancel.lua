-- Ends a job that has not ended. Who runs it is told, and its later settlement finds the job ended.
-- KEYS  1 prefix of the partition
-- ARGV  1 id, then two for each queue: name, how long its ended records are kept (ms)
-- returns {'cancelled', epoch of the last claim, the state that it was in; '' if it was cancelled before}
--          | {'ended', state} | {'missing'}
local id = resolve(ARGV[1])
local record = record_key(id)
local state, queue, epoch, owner, watched, flight, payer, hook = fields(id,
  'state', 'queue', 'epoch', 'owner', 'watched', 'flight', 'payer', 'hook')
if not state then return { 'missing' } end
if state == 'cancelled' then return { 'cancelled', epoch or '0', '' } end
if not is_live(state) then return { 'ended', state } end

local ttl = '86400000'
for i = 2, #ARGV, 2 do
  if ARGV[i] == queue then ttl = ARGV[i + 1] end
end
finish(id, queue, state, 'cancelled', watched, ttl, {}, flight, payer, hook, epoch)
if state == 'in_progress' then
  redis.call('HSET', record, 'closed', epoch .. ':' .. owner)
  redis.call('PUBLISH', key('cancelled'), id)
end
return { 'cancelled', epoch or '0', state }
