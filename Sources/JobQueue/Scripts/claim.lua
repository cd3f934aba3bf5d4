-- One visit of a worker: housekeeping of the partition, then up to `limit` jobs under a lease.
-- KEYS  1 prefix of the partition
-- ARGV  1 worker  2 lease (ms)  3 limit (0: housekeeping only)  4 bound on housekeeping steps of each kind
--       5 crashes after which a job is buried as poison  6 bytes of jobs after which no more are taken
--       7 number of the round  8 identity of the server that the worker has reconciled with
--       9 most urgent jobs  10 how near a deadline is urgent (ms)  11 how far ahead deadlines are counted (ms, separated by
--       spaces)  12 '1' if nothing can be called: then jobs that take an answer of the past are served, beyond `limit`,
--       then four for each queue: name, its share of `limit`, the most that it takes in one visit, how long its
--       ended records are kept (ms)
-- returns {claims, 1 if jobs are left in the streams that this visit, or the next, may take else 0, ms until the next retry
--          is due (-1: none waits), leases taken back, ended jobs, how many live jobs have a deadline so far ahead}; {} from another server:
--          nothing was done
--   claim     {id, epoch, ledger rows, attempts spent, rounds, text of the payload, meta and body where they were changed},
--             and if it needs no call: the stored answer (see settle.lua), cache | stale | coalesced, its age (ms)
--   taken back {id, meta, row of the ledger}
--   ended job {id, meta, epoch, state, error (JSON)}
-- A round that is sent again, because its reply was lost, brings the same jobs. One that comes after a later one, because
-- it had strayed on a dead connection, brings none.
if identity() ~= ARGV[8] then return {} end
local worker, lease, limit, bound = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local poison, budget, round = tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7]
local ends = whole(now + lease)
local queues, by_name, ttls, ended = {}, {}, {}, {}
local paused = {}
for _, queue in ipairs(redis.call('SMEMBERS', key('paused'))) do paused[queue] = true end
for i = 13, #ARGV, 4 do
  local name = ARGV[i]
  if not paused[name] then
    by_name[name] = { name = name, share = tonumber(ARGV[i + 1]), most = tonumber(ARGV[i + 2]), taken = 0 }
    queues[#queues + 1] = by_name[name]
  end
  ttls[name] = ARGV[i + 3]
end

-- After a silence in which every lease ran out, whoever is alive first gets time to say so. (A second is no silence: workers
-- look at the queue once in that time.)
local last = redis.call('GET', key('pulse'))
if last and now - tonumber(last) > math.max(lease, 2000) then
  redis.call('SET', key('grace'), '1', 'PX', math.max(1, math.floor(lease / 2)))
end
local is_grace = redis.call('EXISTS', key('grace')) == 1
beat()

local function end_here(id, queue, from, state, watched, meta, epoch, flight, payer, hook, err)
  -- A queue that is no longer configured: a day.
  finish(id, queue, from, state, watched, ttls[queue] or '86400000', { 'error', err }, flight, payer, hook, epoch)
  ended[#ended + 1] = { id, meta, tonumber(epoch) or 0, state, err }
end

-- What a worker gets of a job, and how many bytes that is. The text of its payload is taken apart there.
local claims, bytes = {}, 0
local function hand_over(id, text, epoch, rows, spent, rounds, meta, body, answer)
  local claim = { id, epoch, tonumber(rows) or 0, tonumber(spent) or 0, tonumber(rounds) or 0, text, meta or false,
    body or false }
  claims[#claims + 1] = claim
  bytes = bytes + #(text or '') + #(meta or '') + #(body or '')
  if answer then
    claim[9], claim[10], claim[11] = unpack(answer)
    bytes = bytes + #answer[1]
  end
end

-- How a job's answer is reused stands first in its meta: the key, for how long an answer is fresh, and for how much longer it
-- may serve while nothing can be called (ms). Nil for a job that has no key.
local function reuse(text, meta)
  local name, ttl, stale
  if meta then
    name, ttl, stale = string.match(meta, '^{"reuse":"([%w_-]+) (%d+) ?(%d*)"')
  elseif text then
    name, ttl, stale = string.match(text, '^%S+ %d+ {"reuse":"([%w_-]+) (%d+) ?(%d*)"')
  end
  return name, tonumber(ttl), tonumber(stale) or 0
end

-- The stored answer that serves a job of this key. Nil if none does; the second value tells whether to wait for none either.
local heads = {}
local function answer_for(name, ttl, stale, has_waited)
  local entry = key('cached:' .. name)
  heads[name] = heads[name] or redis.call('GETRANGE', entry, 0, 15)
  local at = tonumber(string.match(heads[name], '^%d+'))
  if not at then return nil, heads[name] == '-' end
  local age = now - at
  local how = age < ttl and (has_waited and 'coalesced' or 'cache')
    or ARGV[12] == '1' and age < ttl + stale and 'stale'
  return how and { redis.call('GET', entry), how, whole(math.max(0, age)) } or nil
end

-- 0. Was this round answered before? Then its jobs are this worker's, as far as their leases still stand.
local function answered_before()
  local number, held = unpack(redis.call('HMGET', key('round:' .. worker), 'number', 'held'))
  if not number or tonumber(round) > tonumber(number) then return false end
  if number ~= round then return true end
  for id, epoch in string.gmatch(held, '(%S+) (%d+)') do
    local state, current, owner, rows, spent, rounds, meta, body, parked = unpack(redis.call('HMGET', record_key(id),
      'state', 'epoch', 'owner', 'rows', 'spent', 'rounds', 'meta', 'body', 'parked'))
    if state == 'in_progress' and current == epoch and owner == worker then
      gather('ZADD', 'leases', ends, id)
      local text = redis.call('GET', payload_key(id))
      local name, ttl, stale = reuse(text, meta)
      hand_over(id, text, tonumber(epoch), rows, spent, rounds, meta, body, name and answer_for(name, ttl, stale, parked))
    end
  end
  return true
end
if answered_before() then return { claims, 1, -1, {}, {}, {} } end

-- 1. Retries that are due go back to their stream.
for _, id in ipairs(redis.call('ZRANGEBYSCORE', key('due'), '-inf', stamp, 'LIMIT', 0, bound)) do
  redis.call('ZREM', key('due'), id)
  local state, queue = fields(id, 'state', 'queue')
  if state == 'scheduled' then
    redis.call('HSET', record_key(id), 'state', 'queued')
    redis.call('HDEL', record_key(id), 'next')
    move(id, queue, 'scheduled', 'queued')
    enqueue(id, queue)
  end
end

-- 2. Leases that ran out: the worker is dead or cut off. Its call may have been billed; the ledger says so.
local reclaimed = {}
local expired = is_grace and {} or redis.call('ZRANGEBYSCORE', key('leases'), '-inf', stamp, 'LIMIT', 0, bound)
for _, id in ipairs(expired) do
  redis.call('ZREM', key('leases'), id)
  local record = record_key(id)
  local state, queue, owner, since, rows, ledger, crashes, watched, meta, epoch, flight, payer, hook = fields(id,
    'state', 'queue', 'owner', 'claimed', 'rows', 'ledger', 'crashes', 'watched', 'meta', 'epoch', 'flight', 'payer', 'hook')
  if state == 'in_progress' then
    crashes = (tonumber(crashes) or 0) + 1
    rows = (tonumber(rows) or 0) + 1
    local row = cjson.encode({ number = rows, endpoint = '', region = '', tier = '', worker = owner or '',
      outcome = 'abandoned', reason = 'lease_expired', billed = 'maybe' })
    row = row:sub(1, -2) .. ',"started_at":' .. string.format('%.3f', (since or now) / 1000) .. ',"ended_at":'
      .. string.format('%.3f', now / 1000)
      .. ',"status_code":null,"delay_ms":null,"usage":null,"upstream_request_id":null}'
    redis.call('HSET', record, 'rows', rows, 'crashes', crashes, 'ledger', with_rows(ledger, row))
    reclaimed[#reclaimed + 1] = { id, meta, row }
    if crashes >= poison then
      end_here(id, queue, 'in_progress', 'failed', watched, meta, epoch, flight, payer, hook, cjson.encode({ code = 'poison',
        type = 'server_error', message = 'the worker died ' .. crashes .. ' times while it ran this job' }))
    else
      -- The owner stays: its answer still counts for as long as nobody claims the job.
      redis.call('HSET', record, 'state', 'queued')
      move(id, queue, 'in_progress', 'queued')
      enqueue(id, queue)
    end
  end
end

-- 3. Jobs that nobody holds and whose deadline has passed.
for _, id in ipairs(redis.call('ZRANGEBYSCORE', key('deadlines'), '-inf', stamp, 'LIMIT', 0, bound)) do
  local state, queue, watched, meta, epoch, flight, payer, hook = fields(id,
    'state', 'queue', 'watched', 'meta', 'epoch', 'flight', 'payer', 'hook')
  redis.call('ZREM', key('deadlines'), id)
  if state == 'queued' or state == 'scheduled' then
    end_here(id, queue, state, 'expired', watched, meta, epoch, flight, payer, hook, cjson.encode({ code = 'deadline_exceeded',
      type = 'server_error', message = 'the deadline passed before the job could run' }))
  elseif state == 'in_progress' then
    -- Its worker ends it; should the worker die, the deadline has to be found again as soon as that is known.
    redis.call('ZADD', key('deadlines'), redis.call('ZSCORE', key('leases'), id) or stamp, id)
  end
end

-- 4. Jobs that wait for the answer of one that is gone, or waits itself where nothing is claimed.
local function leads(id)
  local state, queue = unpack(look(id, 'state', 'queue'))
  return state == 'in_progress' or (is_live(state) and by_name[queue] ~= nil)
end

for _, name in ipairs(redis.call('ZRANGEBYSCORE', key('flights'), '-inf', stamp, 'LIMIT', 0, 20)) do
  local leader = redis.call('GET', key('flight:' .. name))
  if leader and leads(leader) then
    redis.call('ZADD', key('flights'), whole(now + patience), name)
  else
    redis.call('DEL', key('flight:' .. name))
    release(name)
  end
end

-- 5. Take jobs. Nothing is pending: who holds a job is said by its lease, and an entry that was read is deleted.
local function read(stream, count)
  local reply = redis.pcall('XREADGROUP', 'GROUP', 'workers', 'worker', 'COUNT', count, 'NOACK', 'STREAMS', stream, '>')
  if reply and reply.err then
    if not reply.err:find('NOGROUP') then return error(reply.err) end
    redis.call('XGROUP', 'CREATE', stream, 'workers', '0', 'MKSTREAM')
    reply = redis.call('XREADGROUP', 'GROUP', 'workers', 'worker', 'COUNT', count, 'NOACK', 'STREAMS', stream, '>')
  end
  return reply and reply[1] and reply[1][2] or {}
end

-- Whether a job has to wait for the call of an equal one. If not, it is its own call that equal ones wait for.
local function follows(id, queue, name)
  local flight = key('flight:' .. name)
  local leader = redis.call('SET', flight, id, 'NX', 'GET', 'PX', 86400000)
  if not leader or leader == id then return false end
  if not leads(leader) then
    redis.call('SET', flight, id, 'PX', 86400000)
    return false
  end
  redis.call('HSET', record_key(id), 'state', 'queued', 'queue', queue, 'parked', '1')
  redis.call('ZADD', key('followers:' .. name), 'NX', stamp, queue .. ' ' .. id)
  redis.call('ZADD', key('flights'), 'NX', whole(now + patience), name)
  return true
end

-- An entry without a waiting job is a ghost: it was cancelled or expired meanwhile. A job of state `from` is taken; with
-- `if_answered` only if it needs no call. Returns whether it was.
local function claim(id, queue, from, if_answered)
  local record, text = record_key(id), redis.call('GET', payload_key(id))
  -- Most have no record yet: to look for it costs a quarter of what it costs to be told of each field that it is not there.
  local known = redis.call('EXISTS', record) == 1 and redis.call('HMGET', record,
    'state', 'epoch', 'rows', 'spent', 'rounds', 'started', 'meta', 'body', 'parked') or {}
  local state, epoch, rows, spent, rounds, started, meta, body, parked = unpack(known, 1, 9)
  if state ~= from and (state or not text) then return false end
  local name, ttl, stale = reuse(text, meta)
  local answer, waits_for_none
  if name then answer, waits_for_none = answer_for(name, ttl, stale, parked) end
  if not answer and if_answered then return false end
  local is_called = name and not answer and not waits_for_none
  if is_called and follows(id, queue, name) then return false end
  epoch = (tonumber(epoch) or 0) + 1
  if is_called then
    hold(id, queue, from, epoch, worker, ends, started, 'queue', queue, 'flight', name)
  else
    hold(id, queue, from, epoch, worker, ends, started, 'queue', queue)
  end
  hand_over(id, text, epoch, rows, spent, rounds, meta, body, answer)
  return true
end

-- All up to this entry were read by the one group there is: whole nodes of the stream go at once.
local function delete_up_to(stream, entry)
  local ms, number = string.match(entry, '^(%d+)-(%d+)$')
  redis.call('XTRIM', stream, 'MINID', '=', ms .. '-' .. whole(tonumber(number) + 1))
end

-- Reads in small batches: what the bytes do not allow is read in vain. That is given back, in order, by moving the group's
-- cursor.
local function take(queue, count, allowance)
  local stream, goal, ceiling, looks = key('stream:' .. queue), #claims + count, bytes + allowance, count + bound
  while #claims < goal and bytes < ceiling and looks > 0 do
    local entries, used = read(stream, math.min(goal - #claims, 100)), nil
    for _, entry in ipairs(entries) do
      if bytes >= ceiling then break end
      claim(id_of(entry), queue, 'queued')
      used = entry[1]
    end
    if #entries == 0 then return end
    delete_up_to(stream, used)
    if used ~= entries[#entries][1] then redis.call('XGROUP', 'SETID', stream, 'workers', used) end
    looks = looks - #entries
  end
end

-- Out of the order of the streams; what is left there are ghosts. Jobs that a worker holds are in the list too.
local function take_urgent(most, within)
  if most <= 0 then return end
  local near = redis.call('ZRANGEBYSCORE', key('deadlines'), '(' .. stamp, whole(now + within), 'LIMIT', 0, most + bound)
  local goal = #claims + most
  for _, id in ipairs(near) do
    if #claims >= goal or bytes >= budget then return end
    local state, queue = unpack(look(id, 'state', 'queue'))
    if state == 'queued' and by_name[queue] then claim(id, queue, 'queued') end
  end
end

local function take_from(queue, count, allowance)
  if count <= 0 then return end
  local before = #claims
  take(queue.name, count, allowance)
  queue.taken = queue.taken + #claims - before
end

-- Jobs that take an answer of the past, also while they wait for a retry. Who was looked at comes again behind the others.
local function take_stale()
  for _, id in ipairs(redis.call('ZRANGE', key('stale'), 0, 99)) do
    if bytes >= budget then return end
    local state, queue = unpack(look(id, 'state', 'queue'))
    if not is_live(state) then
      redis.call('ZREM', key('stale'), id)
    else
      gather('ZADD', 'stale', stamp, id)
      local is_taken = state ~= 'in_progress' and by_name[queue] and claim(id, queue, state, true)
      if is_taken and state == 'scheduled' then
        redis.call('HDEL', record_key(id), 'next')
        redis.call('ZREM', key('due'), id)
      end
    end
  end
end

if ARGV[12] == '1' then
  take_stale()
  limit = limit + #claims
end
take_urgent(math.min(tonumber(ARGV[9]), limit - #claims), tonumber(ARGV[10]))
for _, queue in ipairs(queues) do
  take_from(queue, math.min(queue.share, queue.most, limit - #claims), budget / #queues)
end
for _, queue in ipairs(queues) do
  take_from(queue, math.min(queue.most - queue.taken, limit - #claims), budget - bytes)
end

local held = {}
for _, claim in ipairs(claims) do
  held[#held + 1] = claim[1]
  held[#held + 1] = whole(claim[2])
end
redis.call('HSET', key('round:' .. worker), 'number', round, 'held', table.concat(held, ' '))
redis.call('PEXPIRE', key('round:' .. worker), lease)

-- A worker whose limit was one batch may have room for the next.
local is_cut = limit > 0 and #claims >= limit
local more = 0
for _, queue in ipairs(queues) do
  local may_take = queue.taken < queue.most or is_cut and queue.most > 0
  if may_take and redis.call('XLEN', key('stream:' .. queue.name)) > 0 then more = 1 end
end
if more == 1 then wake() end

local deadlines = {}
if redis.call('EXISTS', key('deadlines')) == 1 then
  for ahead in string.gmatch(ARGV[11], '%d+') do
    deadlines[#deadlines + 1] = redis.call('ZCOUNT', key('deadlines'), '-inf', whole(now + ahead))
  end
end

local due = redis.call('ZRANGE', key('due'), 0, 0, 'WITHSCORES')
local wait = due[2] and math.max(0, tonumber(due[2]) - now) or -1
return { claims, more, math.floor(wait), reclaimed, ended, deadlines }
