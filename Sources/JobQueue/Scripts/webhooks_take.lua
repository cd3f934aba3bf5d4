-- Takes events whose time has come, those whose lease ran out among them.
-- KEYS  1 prefix of the partition
-- ARGV  1 most events  2 most events of one host in all hands  3 lease (ms)  4 bound on housekeeping steps of each kind
-- returns {claims, ms until there may be more (-1: nothing is known)}
--   claim   {event, end of the job (ms), URL, meta, number of the delivery, take}
local limit, of_host, ends, bound = tonumber(ARGV[1]), tonumber(ARGV[2]), whole(now + tonumber(ARGV[3])), tonumber(ARGV[4])
local claims, hosts = {}, key('webhooks:hosts')

-- 1. New events go to their hosts. One that is there already was told again by a server that had lost writes.
local function enter(event, at, url, meta)
  if redis.call('EXISTS', event_key(event)) == 1 then return end
  local host = string.lower(string.match(url, '^%a+://([^/?]+)') or '')
  redis.call('HSET', event_key(event), 'host', host, 'at', at, 'url', url, 'meta', meta, 'attempts', 0, 'takes', 0)
  redis.call('ZADD', waiting_key(host), stamp, event)
  redis.call('ZADD', hosts, 'LT', stamp, host)
end

for _, entry in ipairs(redis.call('XRANGE', key('webhooks'), '-', '+', 'COUNT', bound)) do
  local values = {}
  for i = 1, #entry[2], 2 do values[entry[2][i]] = entry[2][i + 1] end
  enter(values.event, values.at, values.url, values.meta)
  redis.call('XDEL', key('webhooks'), entry[1])
end

-- 2. Hosts that have something to do, the longest waiting first.
local function hold(event, host)
  redis.call('ZREM', waiting_key(host), event)
  local at, url, meta = unpack(redis.call('HMGET', event_key(event), 'at', 'url', 'meta'))
  if not at then return end
  redis.call('ZADD', held_key(host), ends, event)
  local attempt = redis.call('HINCRBY', event_key(event), 'attempts', 1)
  claims[#claims + 1] = { event, at, url, meta, attempt, redis.call('HINCRBY', event_key(event), 'takes', 1) }
end

local function tend(host)
  for _, event in ipairs(redis.call('ZRANGEBYSCORE', held_key(host), '-inf', stamp, 'LIMIT', 0, bound)) do
    redis.call('ZREM', held_key(host), event)
    redis.call('ZADD', waiting_key(host), stamp, event)
  end
  local room = math.min(limit - #claims, of_host - redis.call('ZCARD', held_key(host)))
  if room > 0 then
    local due = redis.call('ZRANGEBYSCORE', waiting_key(host), '-inf', stamp, 'LIMIT', 0, room)
    for _, event in ipairs(due) do hold(event, host) end
  end
  index(host, redis.call('ZCARD', held_key(host)) >= of_host)
end

for _, host in ipairs(redis.call('ZRANGEBYSCORE', hosts, '-inf', stamp, 'LIMIT', 0, bound)) do
  if #claims == limit then break end
  tend(host)
end

if redis.call('XLEN', key('webhooks')) > 0 then return { claims, 0 } end
local first = redis.call('ZRANGE', hosts, 0, 0, 'WITHSCORES')[2]
return { claims, first and math.floor(math.max(0, tonumber(first) - now)) or -1 }
