-- Takes an endpoint out of the pool of every process, or puts it back, and says that something has changed.
-- KEYS  1 prefix of all keys
-- ARGV  1 name of the endpoint  2 1 to take it out, 0 to put it back
-- returns 1 if that changed something, else 0
local key, name, clock = KEYS[1] .. 'drained', ARGV[1], redis.call('TIME')
local changed
if ARGV[2] == '1' then
  changed = redis.call('HSETNX', key, name, string.format('%.0f', clock[1] * 1000 + math.floor(clock[2] / 1000)))
else
  changed = redis.call('HDEL', key, name)
end
if changed == 1 then redis.call('PUBLISH', KEYS[1] .. 'drains', name) end
return changed
