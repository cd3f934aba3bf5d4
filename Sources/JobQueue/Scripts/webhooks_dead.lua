-- A part of the dead events, the latest first.
-- KEYS  1 prefix of the partition
-- ARGV  1 the last event seen ('' to begin)  2 most events
-- returns {events, 1 if there are more else 0}
--   event   {event, end of the job (ms), URL, meta, attempts, rows, status code, error, when it died (ms)}
local dead, events = key('webhooks:dead'), {}
local rank = ARGV[1] == '' and -1 or redis.call('ZREVRANK', dead, ARGV[1])
if not rank then return { {}, 0 } end
local limit = tonumber(ARGV[2])
local found = redis.call('ZREVRANGE', dead, rank + 1, rank + limit, 'WITHSCORES')
for i = 1, #found, 2 do
  local values = redis.call('HMGET', event_key(found[i]), 'at', 'url', 'meta', 'attempts', 'rows', 'code', 'error')
  events[#events + 1] = { found[i], unpack(values) }
  events[#events][9] = found[i + 1]
end
return { events, redis.call('ZCARD', dead) > rank + 1 + limit and 1 or 0 }
