-- Reads jobs whose ids are in the file IDS, one after the other.
require('summary')
local requests, at = {}, 0

function init()
  for id in io.lines(os.getenv('IDS')) do requests[#requests + 1] = wrk.format('GET', '/v1/jobs/' .. id) end
end

function request()
  at = at % #requests + 1
  return requests[at]
end
