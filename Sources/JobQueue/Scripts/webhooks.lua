-- Put in front of the scripts of the outbox, behind `ending.lua`: where an event is between the end of its job and its
-- delivery. New events are in the stream `webhooks`. From there each goes to its host, where it waits until it is due or is held
-- until the end of a lease; `webhooks:hosts` says when each host is to be looked at next.
local function event_key(event) return key('webhook:' .. event) end
local function waiting_key(host) return key('webhooks:waiting:' .. host) end
local function held_key(host) return key('webhooks:held:' .. host) end

-- When the host has something to do. One of which as much is held as may be has nothing to do before a lease ends; what is due
-- already counts as due now, so that whoever was served comes behind the others.
local function index(host, is_full)
  local first = redis.call('ZRANGE', held_key(host), 0, 0, 'WITHSCORES')[2]
  local due = not is_full and redis.call('ZRANGE', waiting_key(host), 0, 0, 'WITHSCORES')[2]
  if due and (not first or tonumber(due) < tonumber(first)) then first = due end
  if first then
    redis.call('ZADD', key('webhooks:hosts'), whole(math.max(now, tonumber(first))), host)
  else
    redis.call('ZREM', key('webhooks:hosts'), host)
  end
end

-- Lets an event wait at its host, until `at` (ms).
local function let_wait(event, host, at)
  redis.call('ZADD', waiting_key(host), at, event)
  index(host)
end

-- Shows in the job's record how far its event is, if that end still stands: `<state> <attempts> <next attempt (ms)> <status>
-- <error>`, where 0 and `-` stand for none.
local function note(event, state, attempts, at, code, err, rows)
  local id, epoch, ended = string.match(event, '^evt_(%d+_%w+)_(%d+)_(%a+)$')
  local record = record_key('job_' .. id)
  local is, current = unpack(redis.call('HMGET', record, 'state', 'epoch'))
  if is ~= ended or (current or '0') ~= epoch then return end
  redis.call('HSET', record, 'webhook', table.concat({ state, attempts, at, code, err }, ' '), 'deliveries', rows)
end
