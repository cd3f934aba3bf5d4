-- Takes an event off the list of the dead: to be told again, with a fresh number of deliveries, or to be forgotten.
-- KEYS  1 prefix of the partition
-- ARGV  1 event  2 '1' to tell it again, '0' to forget it
-- returns 1; 0 if it is not on that list
local event = ARGV[1]
if redis.call('ZREM', key('webhooks:dead'), event) == 0 then return 0 end
if ARGV[2] == '0' then
  redis.call('UNLINK', event_key(event))
  return 1
end
local host, rows = unpack(redis.call('HMGET', event_key(event), 'host', 'rows'))
redis.call('HSET', event_key(event), 'attempts', 0)
note(event, 'pending', 0, stamp, 0, '-', rows or '')
let_wait(event, host, stamp)
return 1
