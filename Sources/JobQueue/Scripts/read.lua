-- Reads records.
-- KEYS  1 prefix of the partition
-- ARGV  1 how many fields, the fields (the first of them is `state`), then ids
-- returns for each id: {the id that the job really has, the fields' values}
local first, replies = tonumber(ARGV[1]) + 2, {}
for i = first, #ARGV do
  local id, values = ARGV[i], look(ARGV[i], unpack(ARGV, 2, first - 1))
  if not values[1] and resolve(id) ~= id then
    id = resolve(id)
    values = look(id, unpack(ARGV, 2, first - 1))
  end
  replies[#replies + 1] = { id, values }
end
return replies
