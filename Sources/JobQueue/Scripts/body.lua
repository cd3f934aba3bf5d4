-- Reads the upstream request of a job.
-- KEYS  1 prefix of the partition
-- ARGV  1 id
-- returns the body; nil if there is no such job
local _, values = look_up(ARGV[1], 'state', 'body')
return values[2]
