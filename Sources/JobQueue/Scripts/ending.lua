-- Put behind `common.lua`: what becomes of a job at its end, and of equal jobs that waited for its answer.

-- How many of those this script may still let go: bounds how long Redis is held.
local releases = 500
-- After so long (ms) somebody looks whether what a job waits for is still on its way.
local patience = 5000

-- Lets jobs go that wait for the answer `name`: all of them if there is one, or else the first that still waits; its call is
-- the next that the others wait for.
local function release(name)
  local followers = key('followers:' .. name)
  local all = redis.call('EXISTS', key('cached:' .. name)) == 1
  local left = all and releases or 1
  while left > 0 and releases > 0 do
    local popped = redis.call('ZPOPMIN', followers, math.min(left, releases))
    if #popped == 0 then break end
    for i = 1, #popped, 2 do
      local queue, id = string.match(popped[i], '^(%S+) (%S+)$')
      releases = releases - 1
      if look(id, 'state')[1] == 'queued' then
        enqueue(id, queue)
        left = left - 1
      end
    end
  end
  if redis.call('EXISTS', followers) == 1 then
    redis.call('ZADD', key('flights'), all and stamp or whole(now + patience), name)
  else
    redis.call('ZREM', key('flights'), name)
  end
end

-- The job whose call equal jobs may wait for has ended, in whatever way.
local function land(name, id)
  local leader = redis.call('GETDEL', key('flight:' .. name))
  if leader ~= id then
    if leader then redis.call('SET', key('flight:' .. name), leader, 'PX', 86400000) end
    return
  end
  if redis.call('EXISTS', key('followers:' .. name)) == 1 then release(name) end
end

-- Tells intakes that wait for the end of this job, if any does.
local function announce(id, watched)
  if watched then redis.call('PUBLISH', key('ended'), id) end
end

-- Puts the end of a job into the outbox, in the same step as the end itself: its client named a URL that is to be told. The
-- name of an end is the same however often it is written.
local function tell(id, state, epoch, url)
  redis.call('XADD', key('webhooks'), '*', 'event', 'evt_' .. string.sub(id, 5) .. '_' .. (epoch or 0) .. '_' .. state,
    'at', stamp, 'url', url, 'meta', look(id, 'meta')[1] or '')
end

-- Ends a job for good. `more` are further fields of the record. Failed jobs stay until somebody asks for them: they are the
-- dead letters. All others leave after `ttl` milliseconds. `flight` is the key of the answer that equal jobs wait for, `payer` the
-- caller whose jobs are counted, `hook` the URL that is told of this end, which is that of the run `epoch`.
local function finish(id, queue, from, state, watched, ttl, more, flight, payer, hook, epoch)
  local record = record_key(id)
  redis.call('HSET', record, 'state', state, 'finished', stamp, unpack(more))
  -- As long as there is a record: the times below may be over already.
  if hook then tell(id, state, epoch, hook) end
  gather('ZREM', 'deadlines', id)
  gather('ZREM', 'leases', id)
  if from == 'scheduled' then
    redis.call('HDEL', record, 'next')
    gather('ZREM', 'due', id)
  end
  if state == 'failed' then
    redis.call('ZADD', key('dead'), stamp, id)
    move(id, queue, from, 'failed')
  else
    -- At one moment, by one clock: what is left of either alone would be read as another job.
    local at = whole(now + tonumber(ttl))
    redis.call('PEXPIREAT', payload_key(id), at)
    redis.call('PEXPIREAT', record, at)
    move(id, queue, from, nil, state)
  end
  -- Whoever asked collects what has ended.
  local batch = batch_of(id)
  if batch then gather('RPUSH', 'batch:' .. batch .. ':ended', string.sub(id, digit + 18)) end
  charge(payer, -1)
  announce(id, watched)
  if flight then land(flight, id) end
end

-- Appends ledger rows (JSON objects separated by commas) to what the record has. Bounded: a job that is throttled for
-- days keeps its first rows here, the audit log has them all.
local function with_rows(ledger, rows)
  if not ledger or ledger == '' then return rows end
  if #ledger > 262144 then return ledger end
  if rows == '' then return ledger end
  return ledger .. ',' .. rows
end

local function main()
