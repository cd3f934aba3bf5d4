-- Accepts jobs: record, stream entry, deadline, idempotency key.
-- KEYS  1 prefix of the partition
-- ARGV  9 for each job: id, queue, meta (JSON), body, deadline (ms, '' for none),
--       idempotency digest ('' for none), content digest, time the digest is kept (ms),
--       where the digest comes from: 'key' (the client's own) | 'first' (an SDK's first send: always a new job, which
--       takes the digest over) | 'again' (an SDK's re-send)
-- returns one entry a job: {'accepted'} | {'duplicate', id of the first} | {'conflict', id of the first}
-- Sending the same id again is harmless: it is accepted once.
local replies = {}
for i = 1, #ARGV, 9 do
  local id, queue, meta, body, deadline = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4]
  local digest, content, keep, source = ARGV[i + 5], ARGV[i + 6], ARGV[i + 7], ARGV[i + 8]
  local record = record_key(id)
  local known = digest ~= '' and source ~= 'first' and redis.call('HMGET', key('idem:' .. digest), 'id', 'content')
  if redis.call('EXISTS', record) == 1 then
    replies[#replies + 1] = { 'accepted' }
  elseif known and known[1] then
    replies[#replies + 1] = { known[2] == content and 'duplicate' or 'conflict', known[1] }
  else
    redis.call('HSET', record, 'state', 'queued', 'queue', queue, 'meta', meta, 'body', body)
    if digest ~= '' then
      redis.call('HSET', key('idem:' .. digest), 'id', id, 'content', content)
      redis.call('PEXPIRE', key('idem:' .. digest), keep)
    end
    if deadline ~= '' then redis.call('ZADD', key('deadlines'), deadline, id) end
    move(queue, nil, 'queued')
    enqueue(id, queue)
    replies[#replies + 1] = { 'accepted' }
  end
end
return replies
