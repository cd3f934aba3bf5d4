-- Posts a prompt of 1,024 bytes to the stub.
require('summary')
wrk.method = 'POST'
wrk.headers['content-type'] = 'application/json'
wrk.body = '{"model":"gpt-4o","messages":[{"role":"user","content":"' .. string.rep('p', 1024) .. '"}]}'
