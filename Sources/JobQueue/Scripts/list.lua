-- A part of the jobs in one state, newest first.
-- KEYS  1 prefix of the partition
-- ARGV  1 state (queued | scheduled | in_progress | failed)  2 queue ('' for any; needed for `queued`)
--       3 error code ('' for any)  4 not before (ms)  5 before (ms)  6 the last job seen ('' to begin)  7 most jobs
--       8 most records to look at, then the fields to read; the first of them is `state`
-- returns {jobs, the last job looked at, 1 if there is more to look at else 0, how many were looked at}
--   job     {id, the fields' values}
local state, queue, reason, after = ARGV[1], ARGV[2], ARGV[3], ARGV[6]
local since, before, limit, looks = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[7]), tonumber(ARGV[8])
local sets = { scheduled = 'due', in_progress = 'leases', failed = 'dead' }
local jobs, last = {}, after

-- {id, time of entering the state} of what comes behind `after`; one more than is looked at tells whether there is more.
local function from_set(name)
  local rank = after == '' and -1 or redis.call('ZREVRANK', key(name), after)
  if not rank then return {} end
  local offset = rank + 1
  local found, pairs = redis.call('ZREVRANGE', key(name), offset, offset + looks, 'WITHSCORES'), {}
  for i = 1, #found, 2 do pairs[#pairs + 1] = { found[i], tonumber(found[i + 1]) } end
  return pairs
end

-- Those that wait for the answer of an equal job are in no stream. They come last, in an order that stays.
local function add_followers(pairs, behind)
  local names = redis.call('ZRANGE', key('flights'), 0, 999)
  table.sort(names)
  for _, name in ipairs(names) do
    local found = redis.call('ZREVRANGE', key('followers:' .. name), 0, 9999, 'WITHSCORES')
    for i = 1, #found, 2 do
      local is_queue, id = string.match(found[i], '^(%S+) (%S+)$')
      if is_queue == queue then
        if behind then pairs[#pairs + 1] = { id, tonumber(found[i + 1]) } end
        behind = behind or id == after
      end
      if #pairs > looks then return pairs end
    end
  end
  return pairs
end

local function from_stream()
  local top, pairs, behind = '+', {}, after == ''
  -- Entries have no index by job: `after` is looked for from the newest on, within bounds.
  for _ = 1, 100 do
    local entries = redis.call('XREVRANGE', key('stream:' .. queue), top, '-', 'COUNT', 1000)
    for _, entry in ipairs(entries) do
      if behind then pairs[#pairs + 1] = { id_of(entry), tonumber(string.match(entry[1], '^%d+')) } end
      behind = behind or id_of(entry) == after
      if #pairs > looks then return pairs end
    end
    if #entries < 1000 then return add_followers(pairs, behind) end
    top = '(' .. entries[#entries][1]
  end
  return pairs
end

local function fits(id, entered, values)
  local is_queue, err = unpack(look(id, 'queue', 'error'))
  return values[1] == state and (queue == '' or is_queue == queue) and entered >= since and entered < before
    and (reason == '' or (err and cjson.decode(err).code == reason))
end

local pairs, looked = sets[state] and from_set(sets[state]) or from_stream(), 0
for i = 1, math.min(#pairs, looks) do
  local id, entered = pairs[i][1], pairs[i][2]
  if state == 'in_progress' then entered = tonumber(look(id, 'claimed')[1]) or entered end
  local values = look(id, unpack(ARGV, 9))
  if fits(id, entered, values) then jobs[#jobs + 1] = { id, values } end
  last, looked = id, i
  if #jobs == limit then break end
end
return { jobs, last, #pairs > looked and 1 or 0, looked }
