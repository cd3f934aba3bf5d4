-- Put between `endpoint.lua` and `exchange.lua`: what a process can say of an endpoint, each word with its values, which are
-- strings.
local says, values_of = {}, {
  tokens = 4, throttle = 1, ill = 3, well = 0, out = 2, admitted = 0, renewed = 0, probe = 1, reload = 0,
}

local function release_probe(endpoint)
  if is_mine(endpoint.probe) then clear(endpoint, 'probe') end
end

local function note_user(endpoint)
  if redis.call('ZADD', endpoint.users, stamp, process) == 0 then return end
  redis.call('ZREMRANGEBYSCORE', endpoint.users, '-inf', whole(now - sharing_time))
  redis.call('PEXPIRE', endpoint.users, kept_for)
end

-- tokens a second, the most room there can be, tokens taken, 1 if the process uses the endpoint. Comes before a throttle.
-- Without a change nothing is written: what is stored tells the room of every later moment.
function says.tokens(endpoint, rate, burst, taken, is_using)
  rate, burst, taken = tonumber(rate), tonumber(burst), tonumber(taken)
  local is_same = endpoint.room and endpoint.rate == rate and endpoint.burst == burst and endpoint.at <= now
  if endpoint.rate ~= rate then set(endpoint, 'rate', rate) end
  if endpoint.burst ~= burst then set(endpoint, 'burst', burst) end
  endpoint.rate, endpoint.burst, endpoint.is_counted = rate, burst, true
  if taken ~= 0 or not is_same then set_room(endpoint, math.min(burst, room(endpoint) - taken)) end
  if is_using == '1' then note_user(endpoint) end
end

-- for so long (ms). Whose tokens we count said by it how full it is.
function says.throttle(endpoint, time)
  if endpoint.is_counted then
    set_room(endpoint, math.min(room(endpoint), -time / 1000 * endpoint.rate))
  end
  if not is_later(now + time, endpoint.throttle) then return end
  endpoint.throttle, endpoint.is_news = now + time, true
  set(endpoint, 'throttle', whole(now + time))
end

-- for so long (ms), how often in a row, 1 if it was not reached at all. Who says a lower round of one that waits for a probe
-- began before the others and does not know how often it was: the highest round stays.
function says.ill(endpoint, time, round, unreachable)
  release_probe(endpoint)
  round = tonumber(round)
  local ill, ends = endpoint.ill, now + time
  if ill and round < ill.round and ill.ends > now then return end
  if ill and round == ill.round and not is_later(ends, ill.ends) then return end
  endpoint.ill = { ends = ends, round = math.max(round, ill and ill.round or 0), unreachable = unreachable }
  endpoint.is_news = true
  set(endpoint, 'ill', string.format('%.0f %d %s', ends, endpoint.ill.round, endpoint.ill.unreachable))
end

function says.well(endpoint)
  endpoint.is_news = endpoint.is_news or endpoint.ill
  clear(endpoint, 'ill')
  clear(endpoint, 'probe')
end

-- for so long (ms), the reason.
function says.out(endpoint, time, reason)
  release_probe(endpoint)
  local ends = now + time
  if endpoint.out and not is_later(ends, endpoint.out.ends) then return end
  endpoint.out, endpoint.is_news = { ends = ends, word = reason }, true
  set(endpoint, 'out', whole(ends) .. ' ' .. reason)
end

function says.admitted(endpoint)
  release_probe(endpoint)
  endpoint.is_news = endpoint.is_news or endpoint.out
  clear(endpoint, 'out')
end

function says.renewed(endpoint)
  clear(endpoint, 'out')
  endpoint.renewals, endpoint.is_news = endpoint.renewals + 1, true
  set(endpoint, 'renewals', whole(endpoint.renewals))
end

local function take(endpoint, right, time)
  local ends = math.max(now + time, endpoint[right] and endpoint[right].ends or 0)
  endpoint[right] = { ends = ends, word = process }
  set(endpoint, right, whole(ends) .. ' ' .. process)
end

-- for so long (ms).
function says.probe(endpoint, time)
  if is_probeable(endpoint) and (not endpoint.probe or is_mine(endpoint.probe)) then take(endpoint, 'probe', time) end
end

-- Who got it is told again within its time, and no longer.
function says.reload(endpoint)
  if not endpoint.reload then take(endpoint, 'reload', reload_time) end
end
