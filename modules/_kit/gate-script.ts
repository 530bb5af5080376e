/**
 * What the gate does inside Redis. A gate is three hashes: itself, pieces by account, tickets. `run` names the Redis
 * process that built it: after a restart whatever stands there may be old, and is not trusted.
 */

/** How the gate stands towards anybody who wants so many pieces; `refused` is nil where one may try. */
const STANDING = `
local sku, pieces = ARGV[2], tonumber(ARGV[3])
local g = redis.call('HMGET', KEYS[1], 'run', 'starts', 'entriesEnd', 'ends', 'limit', 'window',
  'units:' .. sku, 'seats:' .. sku, 'used:' .. sku)
if g[1] ~= ARGV[1] then return {'unbuilt'} end
if not g[2] or not g[8] then return {'unknown'} end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if now < tonumber(g[2]) then return {'not_yet', g[2]} end
local used = tonumber(g[9]) + pieces
local refused
if now >= tonumber(g[3]) then refused = 'over' elseif used > tonumber(g[8]) then refused = 'sold_out' end
`;

/** KEYS gate, accounts, tickets; ARGV run, sku, pieces, then tickets: gives those of them that have passed before. */
export const LOOK = `${STANDING}
local reply = {refused or 'open'}
if #ARGV > 3 then
  local known = redis.call('HMGET', KEYS[3], unpack(ARGV, 4))
  for i, ticket in ipairs(known) do if ticket then reply[#reply + 1] = ARGV[i + 3] end end
end
return reply
`;

/** KEYS as above; ARGV run, sku, pieces, account, ticket. */
export const KNOCK = `${STANDING}
local account, ticket = ARGV[4], ARGV[5]
local known = redis.call('HGET', KEYS[3], ticket)
if known then
  local k = cjson.decode(known)
  local untilMs = k.admitted and k.at + tonumber(g[6]) or tonumber(g[4])
  return {'passed', k.admitted and 1 or 0, string.format('%.0f', untilMs)}
end
if refused then return {refused} end
local mine = tonumber(redis.call('HGET', KEYS[2], account) or '0') + pieces
if mine > tonumber(g[5]) then return {'limit_reached', g[5]} end
local admitted = used <= tonumber(g[7])
redis.call('HSET', KEYS[1], 'used:' .. sku, used)
redis.call('HSET', KEYS[2], account, mine)
redis.call('HSET', KEYS[3], ticket,
  cjson.encode({sku = sku, pieces = pieces, account = account, at = now, admitted = admitted}))
return {'passed', admitted and 1 or 0, string.format('%.0f', admitted and now + tonumber(g[6]) or tonumber(g[4]))}
`;

/** KEYS as above; ARGV run, then of each ticket: id, sku, pieces, account. */
export const ADD = `
if redis.call('HGET', KEYS[1], 'run') ~= ARGV[1] then return 0 end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for i = 2, #ARGV, 4 do
  local t = {sku = ARGV[i + 1], pieces = tonumber(ARGV[i + 2]), account = ARGV[i + 3], at = now, admitted = false}
  if redis.call('HSETNX', KEYS[3], ARGV[i], cjson.encode(t)) == 1 then
    redis.call('HINCRBY', KEYS[1], 'used:' .. t.sku, t.pieces)
    redis.call('HINCRBY', KEYS[2], t.account, t.pieces)
  end
end
return 1
`;

/** KEYS as above; ARGV run, then the ids of the tickets. */
export const REMOVE = `
if redis.call('HGET', KEYS[1], 'run') ~= ARGV[1] then return 0 end
for i = 2, #ARGV do
  local known = redis.call('HGET', KEYS[3], ARGV[i])
  if known then
    local t = cjson.decode(known)
    redis.call('HDEL', KEYS[3], ARGV[i])
    redis.call('HINCRBY', KEYS[1], 'used:' .. t.sku, -t.pieces)
    redis.call('HINCRBY', KEYS[2], t.account, -t.pieces)
  end
end
return 1
`;

/** KEYS as above; ARGV run, plan in JSON, 1 to replace one that is trusted. Keeps a gate a day beyond its end. */
export const BUILD = `
local plan = cjson.decode(ARGV[2])
local g = redis.call('HMGET', KEYS[1], 'run', 'epoch')
if g[1] == ARGV[1] and g[2] then
  if tonumber(g[2]) >= plan.epoch then return 0 end
  if ARGV[3] ~= '1' then
    redis.call('HSET', KEYS[1], 'epoch', string.format('%.0f', plan.epoch))
    return 0
  end
end
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local used = {}
for _, t in ipairs(plan.tickets) do
  used[t.skuId] = (used[t.skuId] or 0) + t.pieces
  redis.call('HINCRBY', KEYS[2], t.accountId, t.pieces)
  redis.call('HSET', KEYS[3], t.ticketId,
    cjson.encode({sku = t.skuId, pieces = t.pieces, account = t.accountId, at = now, admitted = false}))
end
local f = function(number) return string.format('%.0f', number) end
redis.call('HSET', KEYS[1], 'run', ARGV[1], 'epoch', f(plan.epoch), 'starts', f(plan.startsMs),
  'entriesEnd', f(plan.entriesEndMs), 'ends', f(plan.endsMs), 'window', f(plan.windowMs), 'limit', f(plan.limit))
for _, s in ipairs(plan.skus) do
  redis.call('HSET', KEYS[1], 'units:' .. s.skuId, s.units, 'seats:' .. s.skuId, s.seats,
    'used:' .. s.skuId, used[s.skuId] or 0)
end
for i = 1, 3 do redis.call('PEXPIREAT', KEYS[i], f(plan.endsMs + 86400000)) end
return 1
`;
