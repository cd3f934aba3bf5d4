-- Put in front of `exchange.lua`: how one endpoint is read, changed and written. KEYS[1] is the prefix of all keys; its hash
-- tag keeps them in one slot of a Redis Cluster. docs/redis-keys.md says what each key holds.
local prefix = KEYS[1]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local process = ARGV[1]

local hour = 3600000
-- Keys live for a day after the last report. The expiry of an endpoint's keys is set once an hour.
local kept_for = 25 * hour
-- Smaller moves of a gate are not worth telling everybody, and none is made: what was told stays true.
local least_move = 20
local reload_time, sharing_time = 10000, 2000

-- Foreign data under our keys, NaN included, counts as none.
local function number(text)
  local value = tonumber(text)
  if value and value > -1e15 and value < 1e15 then return value end
end

-- Lua would write large numbers as 1.7e+12.
local function whole(value) return string.format('%.0f', value) end
local stamp, sharing_since = whole(now), '(' .. whole(now - sharing_time)

local fields = { 'throttle', 'ill', 'out', 'renewals', 'probe', 'reload', 'room', 'at', 'rate', 'burst', 'inflight', 'kept' }

-- The moment and the word of a value like `<ms> <word>`.
local function moment(text)
  local ends, word = string.match(text or '', '^(%d+) (.+)$')
  ends = number(ends)
  return ends and { ends = ends, word = word }
end

-- Right of one process to do something until its time is over.
local function hold(text)
  local held = moment(text)
  return held and held.ends > now and held or nil
end

local function illness(text)
  local gate = moment(text)
  local round, unreachable = string.match(gate and gate.word or '', '^(%d+) ([01])$')
  round = number(round)
  return round and { ends = gate.ends, round = round, unreachable = unreachable }
end

-- The reason is one word, because the lines of the reply are cut at spaces.
local function refusal(text)
  local gate = moment(text)
  return gate and not string.find(gate.word, '%s') and gate or nil
end

-- Few are drained at a time, and mostly none. The time is that of `drain.lua`.
local drained = {}
local since = redis.pcall('HGETALL', prefix .. 'drained')
for i = 1, #since, 2 do drained[since[i]] = number(since[i + 1]) or now end

local function load(name)
  local key = prefix .. 'endpoint:' .. name
  local value = redis.call('HMGET', key, unpack(fields))
  return {
    name = name, key = key, users = prefix .. 'users:' .. name, set = {}, unset = {},
    throttle = number(value[1]) or 0, ill = value[2] and illness(value[2]), out = value[3] and refusal(value[3]),
    renewals = number(value[4]) or 0, probe = value[5] and hold(value[5]), reload = value[6] and hold(value[6]),
    room = number(value[7]), at = number(value[8]) or now, rate = number(value[9]), burst = number(value[10]),
    inflight = number(value[11]) or 0, kept = number(value[12]) or 0,
  }
end

local function set(endpoint, field, value)
  endpoint.set[#endpoint.set + 1] = field
  endpoint.set[#endpoint.set + 1] = value
end

local function clear(endpoint, field)
  if not endpoint[field] then return end
  endpoint[field] = nil
  endpoint.unset[#endpoint.unset + 1] = field
end

local function is_later(ends, than) return ends > math.max(than, now) + least_move end

local function is_mine(held) return held and process ~= '' and held.word == process end

-- Whether one call may find out how the endpoint is.
local function is_probeable(endpoint)
  local ill, out = endpoint.ill, endpoint.out
  return ill and (ill.ends <= now or ill.unreachable == '1') or out and out.ends <= now
end

local function room(endpoint)
  if not endpoint.room then return endpoint.burst end
  return math.min(endpoint.burst, endpoint.room + endpoint.rate * math.max(0, now - endpoint.at) / 1000)
end

local function set_room(endpoint, tokens)
  endpoint.room, endpoint.at = tokens, now
  set(endpoint, 'room', string.format('%.3f', tokens))
  set(endpoint, 'at', stamp)
end

-- Everything of the gates; `-` for no reason.
local function gates(endpoint)
  local ill, out = endpoint.ill, endpoint.out
  if not (ill or out) and endpoint.throttle <= now then return string.format('0 -1 0 0 -1 %d -', endpoint.renewals) end
  return string.format(
    '%d %d %d %s %d %d %s', math.max(0, endpoint.throttle - now), ill and math.max(0, ill.ends - now) or -1,
    ill and ill.round or 0, ill and ill.unreachable or '0', out and math.max(0, out.ends - now) or -1, endpoint.renewals,
    out and out.word or '-')
end

local function sharers(endpoint)
  return math.max(1, redis.call('ZCOUNT', endpoint.users, sharing_since, '+inf'))
end

-- The gates, and what only this process wants to know; no sharers where the capacity is not known, and no time (0) where
-- the endpoint is not drained.
local function standing(endpoint)
  local is_counted = endpoint.rate and endpoint.burst
  return gates(endpoint) .. string.format(
    ' %d %d %d %d %.3f %.3f %.3f %.0f', is_mine(endpoint.probe) and is_probeable(endpoint) and 1 or 0,
    is_mine(endpoint.reload) and 1 or 0, endpoint.inflight, is_counted and sharers(endpoint) or 0,
    is_counted and room(endpoint) or 0, endpoint.rate or 0, endpoint.burst or 0,
    drained[endpoint.name] or 0)
end

local function store(endpoint)
  local is_due = process ~= '' and math.abs(now - endpoint.kept) > hour and (#endpoint.set > 0 or endpoint.kept > 0)
  if is_due then set(endpoint, 'kept', stamp) end
  -- In this order: a right can be given back and taken again in one report.
  if #endpoint.unset > 0 then redis.call('HDEL', endpoint.key, unpack(endpoint.unset)) end
  if #endpoint.set > 0 then redis.call('HSET', endpoint.key, unpack(endpoint.set)) end
  if is_due then
    redis.call('PEXPIRE', endpoint.key, kept_for)
    redis.call('PEXPIRE', endpoint.users, kept_for)
  end
  if endpoint.is_news then redis.call('PUBLISH', prefix .. 'gates', gates(endpoint) .. ' ' .. endpoint.name) end
end
