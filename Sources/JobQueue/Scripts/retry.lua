-- Runs an ended job again, with a fresh budget; the ledger is kept. The epoch goes on, so that nothing that was known of
-- the first end can be written over it.
-- KEYS  1 prefix of the partition
-- ARGV  1 id  2 meta (JSON) as it is from now on  3 deadline (ms, '' for none)
-- returns {'done'} | {'refused', state} | {'missing'}
local id = ARGV[1]
local record = record_key(id)
local state, queue, epoch, body = unpack(look(id, 'state', 'queue', 'epoch', 'body'))
if not state or not body or body == '' then return { 'missing' } end
if is_live(state) or state == 'completed' then return { 'refused', state } end

reopen(id, queue, state)
redis.call('HSET', record, 'meta', ARGV[2], 'epoch', (tonumber(epoch) or 0) + 1, 'spent', 0, 'rounds', 0, 'crashes', 0)
redis.call('HDEL', record, 'settled')
if ARGV[3] ~= '' then redis.call('ZADD', key('deadlines'), ARGV[3], id) end
enqueue(id, queue)
return { 'done' }
