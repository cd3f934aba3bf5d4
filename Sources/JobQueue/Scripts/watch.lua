-- Reads a record, and asks that its end be announced if it has not ended.
-- KEYS  1 prefix of the partition
-- ARGV  1 id, then the fields to read; the first of them is `state`
-- returns the id that the job really has, and the fields' values
local id, values = look_up(ARGV[1], unpack(ARGV, 2))
if is_live(values[1]) then
  fields(id, 'state')
  redis.call('HSET', record_key(id), 'watched', '1')
end
return { id, values }
