-- A whole report of one process, and how everything stands after it. Who only looks sends no name.
-- KEYS  1 prefix of all keys
-- ARGV  1 name of the process, or ''
--       2 first calls  3 retries  4 retries earned by a first call  5 retries a second that may always be made
--       6 number of the usage below  7 number of endpoints
--       then of each endpoint: its name, calls under way, what is said of it (see `says.lua`), ''
--       then of each combination of usage: endpoint|model|queue, calls, estimated, prompt, completion, cached
-- returns {retries that this process may make now, one line an endpoint (see `standing`)}
local silent_after, combinations = 5000, 400
local kinds = { 'calls', 'estimated', 'prompt', 'completion', 'cached' }
local processes, mine = prefix .. 'processes', prefix .. 'process:' .. process
local at = 8
-- Where a process has the number of the usage that was counted last; no endpoint has that name.
local last_usage = '#usage'
local before, counted = {}, {}

-- The calls of a process that has gone silent are over, or cut off.
local function forget(name)
  local theirs = redis.call('HGETALL', prefix .. 'process:' .. name)
  for i = 1, #theirs, 2 do
    local key = prefix .. 'endpoint:' .. theirs[i]
    local sum = number(redis.call('HGET', key, 'inflight'))
    if sum then redis.call('HSET', key, 'inflight', whole(math.max(0, sum - (number(theirs[i + 1]) or 0)))) end
  end
  redis.call('DEL', prefix .. 'process:' .. name)
  redis.call('ZREM', processes, name)
end

local function attend()
  local silent = redis.call('ZRANGEBYSCORE', processes, '-inf', whole(now - silent_after), 'LIMIT', 0, 20)
  for _, name in ipairs(silent) do forget(name) end
  if process == '' then return end
  redis.call('ZADD', processes, stamp, process)
  redis.call('PEXPIRE', processes, kept_for)
  local said = redis.call('HGETALL', mine)
  for i = 1, #said, 2 do before[said[i]] = number(said[i + 1]) end
end

local function count(endpoint, calls)
  local change = calls - (before[endpoint.name] or 0)
  if change == 0 then return end
  before[endpoint.name] = calls
  endpoint.inflight = math.max(0, endpoint.inflight + change)
  set(endpoint, 'inflight', whole(endpoint.inflight))
  counted[#counted + 1] = endpoint.name
  counted[#counted + 1] = whole(calls)
end

local function listen(endpoint)
  while ARGV[at] ~= '' do
    local word, next = ARGV[at], at + 1
    at = next + values_of[word]
    says[word](endpoint, unpack(ARGV, next, at - 1))
  end
  at = at + 1
end

local function exchange()
  local endpoint = load(ARGV[at])
  local calls = tonumber(ARGV[at + 1])
  at = at + 2
  listen(endpoint)
  if process ~= '' then count(endpoint, calls) end
  store(endpoint)
  return standing(endpoint)
end

-- The fleet's retries: a bucket that first calls and time fill. Starts with what one second gives.
local function allowance(first, retries, ratio, reserve)
  local key = prefix .. 'retries'
  local left, since = unpack(redis.call('HMGET', key, 'left', 'at'))
  left, since = number(left), number(since) or now
  left = left and left + reserve * math.max(0, now - since) / 1000 or reserve
  left = math.min(math.max(10 * reserve, 1000 * ratio), left + ratio * first) - retries
  redis.call('HSET', key, 'left', string.format('%.3f', left), 'at', stamp)
  redis.call('PEXPIRE', key, kept_for)
  return left / math.max(1, redis.call('ZCOUNT', processes, sharing_since, '+inf'))
end

-- The statistics of one clock hour. Names come from clients: beyond a bound they are one combination, `other`. What another
-- program left there must not cost the rest of the report.
local function use()
  if at > #ARGV or redis.call('HGET', mine, last_usage) == ARGV[6] then return end
  local key = prefix .. 'usage:' .. whole(math.floor(now / hour))
  for i = at, #ARGV, 6 do
    local name, length = ARGV[i], redis.pcall('HLEN', key)
    if type(length) ~= 'number' then return end
    local is_full = length > (combinations - 2) * #kinds
    if is_full and redis.call('HEXISTS', key, name .. '|calls') == 0 then name = 'other|other|other' end
    for k, kind in ipairs(kinds) do redis.pcall('HINCRBY', key, name .. '|' .. kind, ARGV[i + k]) end
    if length == 0 then redis.call('PEXPIRE', key, 50 * hour) end
  end
  redis.call('HSET', mine, last_usage, ARGV[6])
  redis.call('PEXPIRE', mine, kept_for)
end

local function main()
  attend()
  local reply = { '0' }
  for i = 1, tonumber(ARGV[7]) do reply[i + 1] = exchange() end
  if process ~= '' then
    reply[1] = string.format('%.3f', allowance(tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])))
  end
  use()
  return reply
end

-- What has been added to the sums of calls is written down though it breaks off, or it would be added again.
local is_done, reply = pcall(main)
if #counted > 0 then
  redis.call('HSET', mine, unpack(counted))
  redis.call('PEXPIRE', mine, kept_for)
end
if not is_done then return error(reply) end
return reply
