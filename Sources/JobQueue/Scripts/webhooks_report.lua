-- Writes what came of deliveries. Only who took an event last may.
-- KEYS  1 prefix of the partition
-- ARGV  1 most dead events that are kept, then 7 for each report: event, take, verdict (delivered | retry | dead | released),
--       delay (ms), row of the delivery (JSON, '' for none), status code (0: none), error ('-': none)
-- returns 1 for each report that is written, now or before; 0 for each that comes too late
local most = tonumber(ARGV[1])

-- A bound on what nobody may ever ask for.
local function bury(event)
  redis.call('ZADD', key('webhooks:dead'), stamp, event)
  local excess = redis.call('ZCARD', key('webhooks:dead')) - most
  if excess <= 0 then return end
  local popped = redis.call('ZPOPMIN', key('webhooks:dead'), excess)
  for i = 1, #popped, 2 do redis.call('UNLINK', event_key(popped[i])) end
end

local function report(event, take, verdict, delay, row, code, err)
  local name = event_key(event)
  local host, takes, reported, attempts, rows = unpack(redis.call('HMGET', name,
    'host', 'takes', 'reported', 'attempts', 'rows'))
  -- One that is gone was delivered: perhaps this is heard for the second time.
  if not host or reported == take then return 1 end
  if takes ~= take then return 0 end
  redis.call('ZREM', held_key(host), event)
  redis.call('ZREM', waiting_key(host), event)
  if verdict == 'released' then
    redis.call('HSET', name, 'reported', take)
    redis.call('HINCRBY', name, 'attempts', -1)
    let_wait(event, host, stamp)
    return 1
  end
  rows = with_rows(rows, row)
  if verdict == 'delivered' then
    redis.call('UNLINK', name)
    note(event, 'delivered', attempts, 0, code, err, rows)
    index(host)
    return 1
  end
  redis.call('HSET', name, 'reported', take, 'rows', rows, 'code', code, 'error', err)
  if verdict == 'dead' then
    note(event, 'dead', attempts, 0, code, err, rows)
    bury(event)
    index(host)
  else
    local at = whole(now + tonumber(delay))
    note(event, 'pending', attempts, at, code, err, rows)
    let_wait(event, host, at)
  end
  return 1
end

local replies = {}
for i = 2, #ARGV, 7 do replies[#replies + 1] = report(unpack(ARGV, i, i + 6)) end
return replies
