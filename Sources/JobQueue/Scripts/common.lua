-- Put in front of every other script, with `ending.lua`, behind which the script becomes the function `main`; `close.lua` comes
-- behind it. KEYS[1] is the prefix
-- of all keys of one partition, `sluice{N}:`; the braces make Redis Cluster keep them in one slot, so one script may touch
-- them all. docs/redis-keys.md says what each key holds.
local prefix = KEYS[1]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

local function key(name) return prefix .. name end

-- Lua would write large numbers as 1.7e+12. A script writes the same few numbers for many jobs, and to find what was written
-- costs less than to write it again; that holds for small ones too, which Lua or Redis would write otherwise.
local texts = {}
local function whole(number)
  local text = texts[number]
  if not text then
    text = string.format('%.0f', number)
    texts[number] = text
  end
  return text
end
local stamp = whole(now)

-- Names one life of this server: after a restart or a failover its run id is another, and a wiped server has no era. Nil
-- until `live` has begun one.
local function identity()
  local era = redis.call('GET', key('era'))
  if not era then return end
  -- A pattern would be tried at each character of it.
  local about = redis.call('INFO', 'server')
  local _, before = string.find(about, 'run_id:', 1, true)
  return string.match(about, '^%x+', before + 1) .. '.' .. era
end

-- Whether some journal has not told this life of the server what it knows.
local function somebody_has_not_told(life)
  for _, member in ipairs(redis.call('HVALS', key('members'))) do
    if string.match(member, '^%S+') ~= life then return true end
  end
  return false
end

-- Notices that a life of the server begins, before anything is written in it. Its `reach` is the time of the last write that
-- it knows: what everybody has to compare from. What a journal has not compared in the life before is still to be compared.
-- Returns identity and reach ('' if it knows of no write).
local function live()
  local this = identity()
  if not this then
    redis.call('SET', key('era'), clock[1] .. '-' .. clock[2])
    this = identity()
  end
  local known, reach = unpack(redis.call('HMGET', key('life'), 'identity', 'reach'))
  if known == this then return this, reach end
  local pulse = redis.call('GET', key('pulse')) or ''
  if not (known and pulse ~= '' and somebody_has_not_told(known)) then reach = pulse end
  redis.call('HSET', key('life'), 'identity', this, 'reach', reach, 'since', stamp)
  return this, reach
end

-- Leaves the time of this write, in a life that was noticed. A server that comes back without its last writes tells by it how
-- far its memory reaches.
local function beat() redis.call('SET', key('pulse'), stamp) end

-- What never changes of a job is one string: its queue, the length of its meta, meta, body. As long as there is nothing more
-- to say, that is all: a hash takes a third more memory, and a queue is mostly such jobs. The rest of the record is a hash.
local function payload_key(id) return prefix .. id end
local function record_key(id) return prefix .. id .. ':r' end
-- What came of a streamed job so far.
local function log_key(id) return prefix .. id .. ':events' end

-- Queue, meta and body of that string. Without a body only its start is read: who polls must not move a large prompt.
local function payload(id, wants_body)
  local name = payload_key(id)
  local text = wants_body and redis.call('GET', name) or redis.call('GETRANGE', name, 0, 1023)
  if not text or text == '' then return end
  local queue, length, start = string.match(text, '^(%S+) (%d+) ()')
  if not queue then return end
  local finish = start + length - 1
  local meta = finish <= #text and string.sub(text, start, finish) or redis.call('GETRANGE', name, start - 1, finish - 1)
  return queue, meta, wants_body and string.sub(text, finish + 1)
end

-- The values of fields of a job. Where meta or body are in the hash, they were changed.
local function look(id, ...)
  local values, wanted = redis.call('HMGET', record_key(id), ...), {}
  for i, name in ipairs({ ... }) do
    if not values[i] then wanted[name] = i end
  end
  if not (wanted.state or wanted.queue or wanted.meta or wanted.body) then return values end
  local queue, meta, body = payload(id, wanted.body)
  if not queue then return values end
  if wanted.state then values[wanted.state] = 'queued' end
  if wanted.queue then values[wanted.queue] = queue end
  if wanted.meta then values[wanted.meta] = meta end
  if wanted.body then values[wanted.body] = body end
  return values
end

-- The same for a job of which there will be more to say.
local function fields(id, ...)
  if redis.call('EXISTS', record_key(id)) == 0 then
    local queue = payload(id)
    if queue then redis.call('HSET', record_key(id), 'state', 'queued', 'queue', queue) end
  end
  return unpack(look(id, ...))
end

-- A job that was promised twice under one idempotency key is an alias of the first.
local function resolve(id) return look(id, 'alias')[1] or id end

-- The id that a job really has, and the values of its fields; the first of them is `state`, which an alias lacks.
local function look_up(id, ...)
  local values = look(id, ...)
  local first = not values[1] and resolve(id) or id
  if first ~= id then values = look(first, ...) end
  return first, values
end

local function is_live(state) return state == 'queued' or state == 'scheduled' or state == 'in_progress' end

-- Many jobs of one script write to the same few keys. What they write is gathered, and written when the script ends, in one
-- command each: the command costs more than its members.
local moves, gathered, is_waking = {}, { ZADD = {}, ZREM = {}, RPUSH = {} }, false

local function gather(command, name, first, second)
  local list = gathered[command][name]
  if not list then
    list = {}
    gathered[command][name] = list
  end
  list[#list + 1] = first
  list[#list + 1] = second
end

-- Of what is counted under `name`, one leaves `from` and enters `to` (either may be nil).
local function step(counts, name, from, to)
  local by = counts[name]
  if not by then
    by = {}
    counts[name] = by
  end
  if from then by[from] = (by[from] or 0) - 1 end
  if to then by[to] = (by[to] or 0) + 1 end
end

-- Keeps the census: one job of `queue` leaves state `from` and enters `to` (either may be nil).
local function shift(queue, from, to) step(moves, queue, from, to) end

-- A job of a batch tells it by its id: the first digit is no `0`, and the first 18 characters are the name of the batch.
local digit = #prefix - #'sluice{}:' + #'job__' + 1
local function batch_of(id)
  if string.byte(id, digit) ~= 48 then return string.sub(id, digit, digit + 17) end
end

-- Keeps the counts of the batch of a job, if it has one.
local tallies = {}
local function tally(id, from, to)
  local batch = batch_of(id)
  if batch then step(tallies, batch, from, to) end
end

-- Both. A job that has ended, and not as `failed`, is counted in its batch only: as `ended`.
local function move(id, queue, from, to, ended)
  shift(queue, from, to)
  tally(id, from, to or ended)
end

-- Counts the jobs of a caller that have not ended. `payer` is given of jobs whose caller may only have so many.
local charges = {}
local function charge(payer, by)
  if payer then charges[payer] = (charges[payer] or 0) + by end
end

-- How many jobs of a caller have not ended.
local function owed(payer)
  return (tonumber(redis.call('HGET', key('callers'), payer)) or 0) + (charges[payer] or 0)
end

-- How many jobs of `queue` are in `state`.
local function count(queue, state)
  local by = moves[queue]
  return (tonumber(redis.call('HGET', key('census'), queue .. ':' .. state)) or 0) + (by and by[state] or 0)
end

-- Leaves one marker for one idle worker; the list never grows beyond it.
local function wake() is_waking = true end

-- Entries name a job by the last part of its id; the first is the same for all of the partition.
local id_head = 'job_' .. string.match(prefix, '{(%d+)}') .. '_'
local function id_of(entry) return id_head .. entry[2][2] end

local function enqueue(id, queue)
  redis.call('XADD', key('stream:' .. queue), '*', 'id', string.sub(id, #id_head + 1))
  wake()
end

-- Puts a job into the hands of a worker, under a lease that ends at `ends` (ms). `started` is when it was first held, if it
-- was; more fields of the record may follow.
local function hold(id, queue, from, epoch, worker, ends, started, ...)
  redis.call('HSET', record_key(id), 'state', 'in_progress', 'epoch', whole(epoch), 'owner', worker, 'claimed', stamp,
    'started', started or stamp, ...)
  gather('ZADD', 'leases', ends, id)
  move(id, queue, from, 'in_progress')
end

-- Takes back the end of a job: it is queued, and in no stream yet.
local function reopen(id, queue, state)
  local record = record_key(id)
  redis.call('HDEL', record, 'finished', 'next', 'status', 'answer', 'served', 'endpoint', 'usage', 'error', 'closed',
    'owner', 'age', 'parked', 'webhook', 'deliveries')
  redis.call('HSET', record, 'state', 'queued')
  redis.call('PERSIST', record)
  redis.call('PERSIST', payload_key(id))
  redis.call('ZREM', key('dead'), id)
  shift(queue, state == 'failed' and 'failed' or nil, 'queued')
  tally(id, state, 'queued')
  charge(redis.call('HGET', record, 'payer'), 1)
end

