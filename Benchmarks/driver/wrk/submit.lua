-- Submits jobs with a prompt of 1,024 bytes, each another one. PAUSE_MS: the mean wait of a connection before each request.
require('summary')
local pause = tonumber(os.getenv('PAUSE_MS') or '')
local padding = string.rep('p', 1024)
local number = 0

function setup(thread)
  counter = (counter or 0) + 1
  thread:set('thread_number', counter)
end

function init()
  math.randomseed(thread_number)
  wrk.method = 'POST'
  wrk.headers['content-type'] = 'application/json'
end

function request()
  number = number + 1
  local head = thread_number .. '-' .. number .. ' '
  return wrk.format(nil, '/v1/jobs', nil, '{"prompt":"' .. head .. padding:sub(#head + 1) .. '","model":"gpt-4o"}')
end

if pause then
  function delay() return math.floor(math.random() * 2 * pause + 0.5) end
end
