-- Accepts jobs: record, stream entry, deadline, idempotency key.
-- KEYS  1 prefix of the partition
-- ARGV  13 for each job: id, queue, payload (`<queue> <length of meta> <meta><body>`), deadline (ms, '' for none),
--       idempotency digest ('' for none), content digest, time the digest is kept (ms),
--       where the digest comes from: 'key' (the client's own) | 'first' (an SDK's first send: always a new job, which
--       takes the digest over) | 'again' (an SDK's re-send),
--       how many jobs may wait in the queue ('' for no bound), what its client does: 'holds' (it has its promise already) |
--       'waits' (whoever sends the job hears of its end) | '',
--       URL that is told of its end ('' for none),
--       its caller if that may only have so many jobs that have not ended ('' for any other), how many
-- returns one entry a job: {'accepted'} | {'duplicate', id of the first} | {'conflict', id of the first} | {'full'}
--       | {'caller_full'} | {'aliased', id of the first}
-- Sending the same id again is harmless: it is accepted once.
live()
beat()

-- Jobs that may be served an answer of the past while nothing can be called. The latest are known: a bound on what nobody may
-- ever ask for.
local latest = 10000
local function list_as_patient(id, text)
  if not string.match(text, '^%S+ %d+ {"reuse":"[%w_-]+ %d+ %d') then return end
  redis.call('ZADD', key('stale'), stamp, id)
  local excess = redis.call('ZCARD', key('stale')) - latest
  if excess > 0 then redis.call('ZPOPMIN', key('stale'), excess) end
end

-- Where waiting jobs are counted, one may be in the streams twice, or not at all: the census is exact.
local function is_full(queue, bound)
  if bound == '' then return false end
  return count(queue, 'queued') + count(queue, 'scheduled') >= tonumber(bound)
end

local function remember(id, digest, content, keep)
  redis.call('HSET', key('idem:' .. digest), 'id', id, 'content', content)
  redis.call('PEXPIRE', key('idem:' .. digest), keep)
end

-- Meta and body of a payload. It comes in one piece, as it is stored: Lua reads every string that is new to it byte by byte,
-- also one that it has joined itself.
local function parts(text)
  local length, start = string.match(text, '^%S+ (%d+) ()')
  return string.sub(text, start, start + length - 1), string.sub(text, start + length)
end

-- A record that came back from a worker's journal lacks what only the intake has.
local function complete(id, text, digest, content, keep, payer)
  if payer ~= '' and is_live(fields(id, 'state')) and redis.call('HSETNX', record_key(id), 'payer', payer) == 1 then
    charge(payer, 1)
  end
  if (look(id, 'body')[1] or '') == '' then
    local _, body = parts(text)
    redis.call('HSET', record_key(id), 'body', body)
  end
  if digest ~= '' and redis.call('EXISTS', key('idem:' .. digest)) == 0 then remember(id, digest, content, keep) end
end

-- The client holds a promise for a job whose key had been used: it may neither run again nor be nowhere.
local function keep_promise(id, queue, text, known, content, keep, hook)
  if known[2] == content then
    redis.call('HSET', record_key(id), 'alias', known[1])
    -- Longer than jobs wait: the client reads the first job under this name for as long as it is there.
    redis.call('PEXPIRE', record_key(id), 7 * 86400000)
    return { 'aliased', known[1] }
  end
  local meta, body = parts(text)
  redis.call('HSET', record_key(id), 'queue', queue, 'meta', meta, 'body', body)
  finish(id, queue, nil, 'failed', nil, keep, { 'error', cjson.encode({ code = 'idempotency_conflict',
    type = 'invalid_request_error', message = 'this idempotency key came with another request before' }) },
    nil, nil, hook ~= '' and hook, '0')
  return { 'conflict', known[1] }
end

-- Remembers since when there is a batch, and whose it is.
local opened = {}
local function open(batch, text)
  if not batch or opened[batch] then return end
  opened[batch] = true
  if redis.call('HSETNX', key('batch:' .. batch), 'created', stamp) == 1 then
    redis.call('HSET', key('batch:' .. batch), 'caller', cjson.decode((parts(text))).caller or '')
  end
end

local function submit(id, queue, text, deadline, digest, content, keep, source, bound, client, hook, payer, most)
  local promised = client == 'holds'
  if redis.call('EXISTS', payload_key(id), record_key(id)) > 0 then
    local alias = look(id, 'alias')[1]
    if alias then return { 'aliased', alias } end
    if promised then complete(id, text, digest, content, keep, payer) end
    -- Somebody else, who has the same journal, was quicker.
    if client == 'waits' then
      if is_live(fields(id, 'state')) then redis.call('HSET', record_key(id), 'watched', '1') else announce(id, true) end
    end
    return { 'accepted' }
  end
  local known = digest ~= '' and source ~= 'first' and redis.call('HMGET', key('idem:' .. digest), 'id', 'content')
  if known and known[1] and known[1] ~= id then
    if promised then return keep_promise(id, queue, text, known, content, keep, hook) end
    return { known[2] == content and 'duplicate' or 'conflict', known[1] }
  end
  if not promised and is_full(queue, bound) then return { 'full' } end
  if not promised and payer ~= '' and owed(payer) >= tonumber(most) then return { 'caller_full' } end
  redis.call('SET', payload_key(id), text)
  if payer ~= '' then
    redis.call('HSET', record_key(id), 'state', 'queued', 'queue', queue, 'payer', payer)
    charge(payer, 1)
  end
  -- What ends it finds this with what else it reads: a job without it costs nothing more.
  if hook ~= '' then redis.call('HSET', record_key(id), 'state', 'queued', 'queue', queue, 'hook', hook) end
  if client == 'waits' then redis.call('HSET', record_key(id), 'state', 'queued', 'queue', queue, 'watched', '1') end
  if digest ~= '' then remember(id, digest, content, keep) end
  if deadline ~= '' then redis.call('ZADD', key('deadlines'), deadline, id) end
  list_as_patient(id, text)
  move(id, queue, nil, 'queued')
  open(batch_of(id), text)
  enqueue(id, queue)
  return { 'accepted' }
end

local replies = {}
for i = 1, #ARGV, 13 do
  replies[#replies + 1] = submit(unpack(ARGV, i, i + 12))
end
return replies
