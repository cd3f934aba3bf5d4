-- Adds to the logs of streamed jobs. Only the holder of the current claim may.
-- KEYS  1 prefix of the partition
-- ARGV  1 most entries in a log, then 8 for each addition: id, epoch, worker, number of the attempt, bytes of this attempt
--       that were added before, bytes, '1' if the answer is complete with them, how long the log is kept (ms)
-- returns 1 for each that was added (now or before), 0 for each claim that no longer stands or whose log lacks what came
-- before
-- An entry is a stream entry `1-<sequence>`: `a` attempt, `o` bytes of the attempt up to its end, and one of `p` bytes,
-- `restart`, `end`.
local replies, most = {}, ARGV[1]

local function add(log, ...) return redis.call('XADD', log, 'MAXLEN', '~', most, '1-*', ...) end

local function append(id, epoch, worker, attempt, offset, bytes, is_end, keep)
  local state, current, owner, followed = unpack(redis.call('HMGET', record_key(id), 'state', 'epoch', 'owner',
    'followed'))
  if state ~= 'in_progress' or current ~= epoch or owner ~= worker then return 0 end
  local log, had = log_key(id), 0
  local last = redis.call('XREVRANGE', log, '+', '-', 'COUNT', 1)[1]
  local known = {}
  if last then
    for i = 1, #last[2], 2 do known[last[2][i]] = last[2][i + 1] end
  end
  if known.a == attempt then had = tonumber(known.o) end
  if had < tonumber(offset) then return 0 end
  if last and known.a ~= attempt then add(log, 'a', attempt, 'o', 0, 'restart', '1') end
  local ends, from = tonumber(offset) + #bytes, had - tonumber(offset)
  if from < #bytes then add(log, 'a', attempt, 'o', whole(ends), 'p', string.sub(bytes, from + 1)) end
  if is_end == '1' and not (known.a == attempt and known['end']) then
    add(log, 'a', attempt, 'o', whole(ends), 'end', '1')
  end
  redis.call('PEXPIRE', log, keep)
  if followed then
    -- Who reads it says so again.
    redis.call('HDEL', record_key(id), 'followed')
    redis.call('PUBLISH', key('logged'), id)
  end
  return 1
end

for i = 2, #ARGV, 8 do replies[#replies + 1] = append(unpack(ARGV, i, i + 7)) end
return replies
