-- Reads a record, and asks that its end be announced if it has not ended.
-- KEYS  1 prefix of the partition
-- ARGV  1 id, then the fields to read; the first of them is `state`
-- returns the fields' values
local record = record_key(ARGV[1])
local values = redis.call('HMGET', record, unpack(ARGV, 2))
local state = values[1]
if state == 'queued' or state == 'scheduled' or state == 'in_progress' then
  redis.call('HSET', record, 'watched', '1')
end
return values
