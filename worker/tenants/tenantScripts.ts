/**
 * The scripts that Redis runs as one step each. A recording has its seat as long as a lease names it, so what a killed worker
 * had is free once its lease is over, and no counter can go wrong. KEYS of all: leases, seats of the tenant, its line.
 */
const PRUNE = `
for _, id in ipairs(redis.call('SMEMBERS', KEYS[2])) do
  if redis.call('HEXISTS', KEYS[1], id) == 0 then redis.call('SREM', KEYS[2], id) end
end
`;

/** ARGV: id, most. Returns 1 where the recording has a seat now. */
export const TAKE_SEAT = `${PRUNE}
if redis.call('SISMEMBER', KEYS[2], ARGV[1]) == 0 then
  if redis.call('SCARD', KEYS[2]) >= tonumber(ARGV[2]) then return 0 end
  redis.call('SADD', KEYS[2], ARGV[1])
end
redis.call('ZREM', KEYS[3], ARGV[1])
return 1`;

/** More KEYS: tenants with a line. ARGV: id, tenant. Whoever stands in the line keeps the place. */
export const STAND_IN_LINE = `
local now = redis.call('TIME')
redis.call('ZADD', KEYS[3], 'NX', now[1] * 1000000 + now[2], ARGV[1])
redis.call('SADD', KEYS[4], ARGV[2])
return 1`;

/** More KEYS: tenants with a line. ARGV: most, tenant. Returns who comes first where a seat is free. */
export const FIRST_IN_LINE = `${PRUNE}
if redis.call('SCARD', KEYS[2]) >= tonumber(ARGV[1]) then return false end
local first = redis.call('ZRANGE', KEYS[3], 0, 0)[1]
if not first then redis.call('SREM', KEYS[4], ARGV[2]) end
return first or false`;

/**
 * KEYS: seconds by recording. ARGV: recording, its seconds, seconds for which all of it is kept. The field '' is the sum.
 * Returns the sum, as a text. What is told twice, or by a worker that comes too late, counts once.
 */
export const NOTE_SECONDS = `
local known = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or 0)
local more = tonumber(ARGV[2]) - known
if more > 0 then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
  redis.call('HINCRBYFLOAT', KEYS[1], '', more)
  redis.call('EXPIRE', KEYS[1], ARGV[3])
end
return redis.call('HGET', KEYS[1], '') or '0'`;
