-- Forgets a job that has ended.
-- KEYS  1 prefix of the partition
-- ARGV  1 id
-- returns {'done'} | {'refused', state} | {'missing'}
local id = resolve(ARGV[1])
local state, queue = unpack(look(id, 'state', 'queue'))
if not state then return { 'missing' } end
if is_live(state) then return { 'refused', state } end
redis.call('DEL', record_key(id), record_key(ARGV[1]), payload_key(id), log_key(id))
redis.call('ZREM', key('dead'), id)
if state == 'failed' then shift(queue, 'failed', nil) end
return { 'done' }
