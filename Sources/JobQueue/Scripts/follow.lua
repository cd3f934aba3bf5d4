-- Reads on in the log of a job, and asks to be told of what comes next if that is all there is.
-- KEYS  1 prefix of the partition
-- ARGV  1 id  2 sequence number to begin with  3 most entries
-- returns {the id that the job really has, state, epoch, ledger rows, entries (see append.lua)}; {id, nil} if there is none
local id, values = look_up(ARGV[1], 'state', 'epoch', 'rows')
local state = values[1]
if not state then return { id, false } end
local entries = redis.call('XRANGE', log_key(id), '1-' .. ARGV[2], '+', 'COUNT', ARGV[3])
if #entries == 0 and is_live(state) then
  fields(id, 'state')
  redis.call('HSET', record_key(id), 'watched', '1', 'followed', '1')
end
return { id, state, tonumber(values[2]) or 0, tonumber(values[3]) or 0, entries }
