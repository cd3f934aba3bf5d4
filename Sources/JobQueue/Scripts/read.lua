-- Reads records.
-- KEYS  1 prefix of the partition
-- ARGV  1 bytes after which no more are read  2 '1' if the ends of those that have not ended are to be announced
--       3 how many fields, the fields (the first of them is `state`), then ids
-- returns for each id: {the id that the job really has, the fields' values}; {} for those that were not read
local budget, watches, last = tonumber(ARGV[1]), ARGV[2] == '1', tonumber(ARGV[3]) + 3
local replies, bytes = {}, 0

local function read(id)
  local id, values = look_up(id, unpack(ARGV, 4, last))
  if watches and is_live(values[1]) then
    fields(id, 'state')
    redis.call('HSET', record_key(id), 'watched', '1')
  end
  for _, value in ipairs(values) do bytes = bytes + #(value or '') end
  return { id, values }
end

for i = last + 1, #ARGV do
  replies[#replies + 1] = bytes < budget and read(ARGV[i]) or {}
end
return replies
