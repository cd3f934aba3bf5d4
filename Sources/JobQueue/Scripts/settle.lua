-- Writes the end of claims: ledger rows, outcome, next run. Only the holder of the current epoch may.
-- KEYS  1 prefix of the partition
-- ARGV  19 for each job: id, epoch, worker, identity of the server of the claim, occasion (claim | late | restored),
--       verdict (completed | failed | expired | cancelled | retry | released), delay (ms),
--       number of ledger rows, the rows (JSON objects separated by commas), attempts spent, rounds,
--       status code, answer, who served it, endpoint, usage (JSON), error (JSON), how long the record is kept (ms),
--       meta (JSON; for `restored` only); '' where there is none
-- returns 2 for each job that is written now, 1 for each that had been before, 0 for each claim that no longer stands
-- Sending the same settlement again is harmless: the record remembers what it was settled by.
local replies = {}

local function append(fields, name, value)
  if value ~= '' then
    fields[#fields + 1] = name
    fields[#fields + 1] = value
  end
end

-- A record that is behind a claim of another life of the server has lost writes: the holder's word counts, and a later end
-- that was confirmed even replaces an earlier one that came first. With the same epoch a claim has to stand; an answer that
-- comes late counts if nobody has claimed the job since; what the queue had confirmed before, always.
local function stands(state, current, owner, epoch, worker, server, occasion, verdict)
  -- A job that the server has forgotten altogether.
  if not state then return occasion == 'restored' and server ~= identity() end
  local ahead = tonumber(epoch) - (tonumber(current) or 0)
  if not is_live(state) then return occasion == 'restored' and ahead > 0 and server ~= identity() end
  if ahead ~= 0 then return ahead > 0 and server ~= identity() end
  if occasion == 'restored' then return true end
  return owner == worker and (state == 'in_progress' or (occasion == 'late' and verdict == 'completed'))
end

local function settle(id, epoch, worker, server, occasion, verdict, delay, count, rows, spent, rounds, status, answer, served,
                      endpoint, usage, err, ttl, meta)
  local record, token = record_key(id), epoch .. ':' .. worker
  local state, current, owner, settled, queue, ledger, had, watched, closed, alias = unpack(redis.call('HMGET', record,
    'state', 'epoch', 'owner', 'settled', 'queue', 'ledger', 'rows', 'watched', 'closed', 'alias'))
  if settled == token then return 1 end
  if alias then return 0 end
  if state == 'cancelled' and closed == token then
    -- Too late to count, but its calls were made: the ledger has them.
    redis.call('HSET', record, 'ledger', with_rows(ledger, rows), 'rows', (tonumber(had) or 0) + tonumber(count))
    redis.call('HDEL', record, 'closed')
    return 0
  end
  if not stands(state, current, owner, epoch, worker, server, occasion, verdict) then return 0 end

  if not state then
    state, queue = 'in_progress', cjson.decode(meta).queue
    redis.call('HSET', record, 'queue', queue, 'meta', meta, 'body', '')
    move(queue, nil, state)
  elseif not is_live(state) then
    reopen(id, queue, state)
    state = 'queued'
  end
  redis.call('HSET', record, 'epoch', epoch, 'settled', token, 'ledger', with_rows(ledger, rows), 'rows',
    (tonumber(had) or 0) + tonumber(count), 'spent', spent, 'rounds', rounds)
  redis.call('ZREM', key('leases'), id)
  if state == 'scheduled' then redis.call('ZREM', key('due'), id) end

  if verdict == 'retry' or (verdict == 'released' and tonumber(delay) > 0) then
    local at = whole(now + tonumber(delay))
    redis.call('HSET', record, 'state', 'scheduled', 'next', at)
    redis.call('HDEL', record, 'owner')
    redis.call('ZADD', key('due'), at, id)
    move(queue, state, 'scheduled')
  elseif verdict == 'released' then
    redis.call('HSET', record, 'state', 'queued')
    redis.call('HDEL', record, 'owner')
    move(queue, state, 'queued')
    enqueue(id, queue)
  else
    local fields = {}
    append(fields, 'status', status)
    append(fields, 'answer', answer)
    append(fields, 'served', served)
    append(fields, 'endpoint', endpoint)
    append(fields, 'usage', usage)
    append(fields, 'error', err)
    finish(id, queue, state, verdict, watched, ttl, fields)
  end
  return 2
end

for i = 1, #ARGV, 19 do
  replies[#replies + 1] = settle(unpack(ARGV, i, i + 18))
end
return replies
