-- Writes the end of claims: ledger rows, outcome, next run. Only the holder of the current epoch may.
-- KEYS  1 prefix of the partition
-- ARGV  21 for each job: id, epoch, worker, identity of the server of the claim, occasion (claim | late | restored),
--       verdict (completed | failed | expired | cancelled | retry | released), delay (ms),
--       number of ledger rows, the rows (JSON objects separated by commas), attempts spent, rounds,
--       status code, answer, who served it, endpoint, usage (JSON), error (JSON), how long the record is kept (ms),
--       meta (JSON; for `restored` only), age of the answer (s), under which terms equal jobs get this answer
--       (`<key> <how long it is kept (ms)> <most answers that are>`); '' where there is none
-- returns 2 for each job that is written now, 1 for each that had been before, 0 for each claim that no longer stands
-- Sending the same settlement again is harmless: the record remembers what it was settled by.
local replies = {}

local function append(list, name, value)
  if value ~= '' then
    list[#list + 1] = name
    list[#list + 1] = value
  end
end

-- Whoever settles has held the job, so it has a hash; only a server that lost writes may have the payload alone.
local function held_fields(id, ...)
  local values = redis.call('HMGET', record_key(id), ...)
  if not values[1] then return fields(id, ...) end
  return unpack(values)
end

-- A record that is behind a claim of another life of the server has lost writes: the holder's word counts, and a later end
-- that was confirmed even replaces an earlier one that came first. With the same epoch a claim has to stand; an answer that
-- comes late counts if nobody has claimed the job since; what the queue had confirmed before, always.
local function stands(state, current, owner, epoch, worker, server, occasion, verdict)
  -- A job that the server has forgotten altogether.
  if not state then return occasion == 'restored' and server ~= identity() end
  local ahead = epoch == current and 0 or tonumber(epoch) - (tonumber(current) or 0)
  if not is_live(state) then return occasion == 'restored' and ahead > 0 and server ~= identity() end
  if ahead ~= 0 then return ahead > 0 and server ~= identity() end
  if occasion == 'restored' then return true end
  return owner == worker and (state == 'in_progress' or (occasion == 'late' and verdict == 'completed'))
end

-- Stores an answer for equal jobs: `<when (ms)> <status> <length of endpoint> <length of usage> <endpoint><usage><answer>`.
local stored, most_stored = {}, 0
local function store(terms, status, answer, endpoint, usage)
  local name, keep, most = string.match(terms, '^(%S+) (%d+) (%d+)$')
  local entry = key('cached:' .. name)
  -- Some who ask the same keep answers for longer.
  keep = math.max(tonumber(keep), redis.call('PTTL', entry))
  local text = table.concat({ stamp, ' ', status, ' ', #endpoint, ' ', #usage, ' ', endpoint, usage, answer })
  redis.call('SET', entry, text, 'PX', whole(keep))
  stored[#stored + 1] = whole(now + keep)
  stored[#stored + 1] = name
  most_stored = tonumber(most)
end

-- Keeps the list of what is stored, once for all that this script stored: what has expired leaves it, and what would go first
-- goes when there are too many.
local function bound_stored()
  local index, twice = key('cached'), #stored
  redis.call('ZADD', index, unpack(stored))
  local gone = redis.call('ZRANGEBYSCORE', index, '-inf', stamp, 'LIMIT', 0, twice)
  if #gone > 0 then redis.call('ZREM', index, unpack(gone)) end
  local excess = math.min(twice, redis.call('ZCARD', index) - most_stored)
  if excess <= 0 then return end
  local popped, entries = redis.call('ZPOPMIN', index, excess), {}
  for i = 1, #popped, 2 do entries[#entries + 1] = key('cached:' .. popped[i]) end
  redis.call('UNLINK', unpack(entries))
end

-- The job goes on: after a delay, or at once.
local function let_go(id, queue, from, delay, verdict, written)
  local record = record_key(id)
  gather('ZREM', 'leases', id)
  if from == 'scheduled' then redis.call('ZREM', key('due'), id) end
  redis.call('HDEL', record, 'owner')
  if verdict == 'retry' or delay > 0 then
    local at = whole(now + delay)
    redis.call('HSET', record, 'state', 'scheduled', 'next', at, unpack(written))
    redis.call('ZADD', key('due'), at, id)
    move(id, queue, from, 'scheduled')
  else
    redis.call('HSET', record, 'state', 'queued', unpack(written))
    move(id, queue, from, 'queued')
    enqueue(id, queue)
  end
end

local function settle(id, epoch, worker, server, occasion, verdict, delay, count, rows, spent, rounds, status, answer, served,
                      endpoint, usage, err, ttl, meta, age, terms)
  local record, token = record_key(id), epoch .. ':' .. worker
  local state, current, owner, settled, queue, ledger, had, watched, flight, payer, hook = held_fields(id,
    'state', 'epoch', 'owner', 'settled', 'queue', 'ledger', 'rows', 'watched', 'flight', 'payer', 'hook')
  if settled == token then return 1 end
  if not state and resolve(id) ~= id then return 0 end
  if state == 'cancelled' and redis.call('HGET', record, 'closed') == token then
    -- Too late to count, but its calls were made: the ledger has them.
    redis.call('HSET', record, 'ledger', with_rows(ledger, rows), 'rows', (tonumber(had) or 0) + tonumber(count))
    redis.call('HDEL', record, 'closed')
    return 0
  end
  if not stands(state, current, owner, epoch, worker, server, occasion, verdict) then return 0 end

  if not state then
    local asked = cjson.decode(meta)
    state, queue, payer, hook = 'in_progress', asked.queue, asked.caller_limit and asked.caller, asked.webhook
    redis.call('HSET', record, 'queue', queue, 'meta', meta, 'body', '')
    if payer then redis.call('HSET', record, 'payer', payer) end
    if hook then redis.call('HSET', record, 'hook', hook) end
    charge(payer, 1)
    move(id, queue, nil, state)
  elseif not is_live(state) then
    reopen(id, queue, state)
    state = 'queued'
  end
  local written = { 'settled', token, 'rows', had and whole(had + count) or count, 'ledger', with_rows(ledger, rows) }
  if current ~= epoch then append(written, 'epoch', epoch) end
  -- They begin with nothing, and within a claim only grow.
  if spent ~= '0' or current ~= epoch then append(written, 'spent', spent) end
  if rounds ~= '0' or current ~= epoch then append(written, 'rounds', rounds) end

  if verdict == 'retry' or verdict == 'released' then
    let_go(id, queue, state, tonumber(delay), verdict, written)
  else
    append(written, 'status', status)
    append(written, 'answer', answer)
    append(written, 'served', served)
    append(written, 'endpoint', endpoint)
    append(written, 'usage', usage)
    append(written, 'error', err)
    append(written, 'age', age)
    if terms ~= '' then
      store(terms, status, answer, endpoint, usage)
    elseif flight and verdict == 'completed' and served == 'endpoint' then
      -- No answer that others may have: for a minute, equal jobs run side by side instead of one after the other.
      redis.call('SET', key('cached:' .. flight), '-', 'PX', 60000)
    end
    finish(id, queue, state, verdict, watched, ttl, written, flight, payer, hook, epoch)
  end
  return 2
end

for i = 1, #ARGV, 21 do
  replies[#replies + 1] = settle(unpack(ARGV, i, i + 20))
end
if #stored > 0 then bound_stored() end
return replies
