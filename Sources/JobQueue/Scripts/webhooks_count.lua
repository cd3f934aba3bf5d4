-- Counts the events of a partition.
-- KEYS  1 prefix of the partition
-- ARGV  1 most hosts that are looked at: bounds how long Redis is held
-- returns {events that are to be told or are being told, dead events}
local hosts = redis.call('ZRANGE', key('webhooks:hosts'), 0, tonumber(ARGV[1]) - 1)
-- Each host beyond them has one event at least.
local pending = redis.call('XLEN', key('webhooks')) + redis.call('ZCARD', key('webhooks:hosts')) - #hosts
for _, host in ipairs(hosts) do
  pending = pending + redis.call('ZCARD', waiting_key(host)) + redis.call('ZCARD', held_key(host))
end
return { pending, redis.call('ZCARD', key('webhooks:dead')) }
