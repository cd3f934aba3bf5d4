-- Writes the end of claims: ledger rows, outcome, next run. Only the holder of the current epoch may.
-- KEYS  1 prefix of the partition
-- ARGV  15 for each job: id, epoch, verdict (completed | failed | expired | retry | released), delay (ms),
--       number of ledger rows, the rows (JSON objects separated by commas), attempts spent, rounds,
--       status code, answer, who served it, endpoint, usage (JSON), error (JSON), how long the record is kept (ms);
--       '' where there is none
-- returns 1 for each job that was written, 0 for each claim that no longer stands
-- Sending the same settlement again is harmless: the record remembers the epoch that it was settled by.
local replies = {}

local function append(fields, name, value)
  if value ~= '' then
    fields[#fields + 1] = name
    fields[#fields + 1] = value
  end
end

local function settle(id, epoch, verdict, delay, count, rows, spent, rounds, status, answer, served, endpoint, usage, err,
                      ttl)
  local record = record_key(id)
  local state, current, settled, queue, ledger, had, watched = unpack(redis.call('HMGET', record,
    'state', 'epoch', 'settled', 'queue', 'ledger', 'rows', 'watched'))
  if settled == epoch then return 1 end
  if state ~= 'in_progress' or current ~= epoch then return 0 end

  redis.call('HSET', record, 'settled', epoch, 'ledger', with_rows(ledger, rows), 'rows',
    (tonumber(had) or 0) + tonumber(count), 'spent', spent, 'rounds', rounds)
  redis.call('ZREM', key('leases'), id)

  if verdict == 'retry' or (verdict == 'released' and tonumber(delay) > 0) then
    local at = whole(now + tonumber(delay))
    redis.call('HSET', record, 'state', 'scheduled', 'next', at)
    redis.call('HDEL', record, 'owner')
    redis.call('ZADD', key('due'), at, id)
    move(queue, 'in_progress', 'scheduled')
  elseif verdict == 'released' then
    redis.call('HSET', record, 'state', 'queued')
    redis.call('HDEL', record, 'owner')
    move(queue, 'in_progress', 'queued')
    enqueue(id, queue)
  else
    local fields = {}
    append(fields, 'status', status)
    append(fields, 'answer', answer)
    append(fields, 'served', served)
    append(fields, 'endpoint', endpoint)
    append(fields, 'usage', usage)
    append(fields, 'error', err)
    finish(id, queue, 'in_progress', verdict, watched, ttl, fields)
  end
  return 1
end

for i = 1, #ARGV, 15 do
  replies[#replies + 1] = settle(unpack(ARGV, i, i + 14))
end
return replies
