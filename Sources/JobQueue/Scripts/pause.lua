-- Stops or resumes the claiming of a queue's jobs.
-- KEYS  1 prefix of the partition
-- ARGV  1 queue  2 '1' to stop, '0' to resume
-- returns 1
if ARGV[2] == '1' then
  redis.call('SADD', key('paused'), ARGV[1])
else
  redis.call('SREM', key('paused'), ARGV[1])
  wake()
end
return 1
