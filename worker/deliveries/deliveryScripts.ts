/**
 * The steps that Redis must do at once. KEYS: the sorted set of lanes by the time when they are due, the list of the
 * lane's deliveries, the hash of the lane's failures. All times are in Unix ms.
 */

/**
 * KEYS also: the sorted set of deliveries that are over. ARGV: lane, delivery, now, id. A repeat is a command that was
 * sent again after a lost connection, or a final event that the next worker tells as well.
 */
export const PUT = `
if redis.call('zscore', KEYS[4], ARGV[4]) or redis.call('lpos', KEYS[2], ARGV[2]) then return end
redis.call('rpush', KEYS[2], ARGV[2])
redis.call('zadd', KEYS[1], 'NX', ARGV[3], ARGV[1])`;

/**
 * KEYS: only the sorted set. ARGV: now, the time until which nobody else gets the lane, how the keys of lists begin,
 * then origins that are passed over. A lane's name begins with the origin of its target and a space.
 */
export const TAKE_LANE = `
local busy = {}
for at = 4, #ARGV do busy[ARGV[at]] = true end
local at = 0
while true do
  local lanes = redis.call('zrangebyscore', KEYS[1], '-inf', ARGV[1], 'LIMIT', at, 1000)
  for _, lane in ipairs(lanes) do
    if busy[string.match(lane, '^[^ ]+')] then at = at + 1
    elseif redis.call('exists', ARGV[3] .. lane) == 0 then redis.call('zrem', KEYS[1], lane)
    else
      redis.call('zadd', KEYS[1], ARGV[2], lane)
      return lane
    end
  end
  if #lanes < 1000 then return false end
end`;

/** Begins a script that only acts if the delivery is still the first one: another worker may have been faster. */
const IF_STILL_FIRST = `
if redis.call('lindex', KEYS[2], 0) ~= ARGV[2] then return end`;

/** Notes for an hour that a delivery is over, so that whoever put it in can tell that from a loss of Redis. */
const OVER = `
local function over(key, now, id)
  redis.call('zadd', key, now, id)
  redis.call('zremrangebyscore', key, '-inf', now - 3600000)
  redis.call('expire', key, 3600)
end`;

/** KEYS also: the sorted set of deliveries that are over. ARGV: lane, delivery, now, id. */
export const ARRIVED = `${OVER}
over(KEYS[4], ARGV[3], ARGV[4])${IF_STILL_FIRST}
redis.call('lpop', KEYS[2])
redis.call('del', KEYS[3])
if redis.call('llen', KEYS[2]) == 0 then redis.call('zrem', KEYS[1], ARGV[1])
else redis.call('zadd', KEYS[1], ARGV[3], ARGV[1]) end`;

/** ARGV: lane, delivery, the time of the next try, failures, the time of the first failure, error. */
export const FAILED = `${IF_STILL_FIRST}
redis.call('hset', KEYS[3], 'failures', ARGV[4], 'since', ARGV[5], 'error', ARGV[6])
redis.call('zadd', KEYS[1], 'XX', ARGV[3], ARGV[1])`;

/**
 * KEYS also: as for ARRIVED, the dead letter, the sorted set of dead letters. ARGV: lane, delivery, now, id, letter, how many seconds
 * it is kept. The failures of the lane stay, because its target is still down.
 */
export const BURY = `${OVER}${IF_STILL_FIRST}
redis.call('lpop', KEYS[2])
over(KEYS[4], ARGV[3], ARGV[4])
redis.call('set', KEYS[5], ARGV[5], 'EX', ARGV[6])
redis.call('zadd', KEYS[6], ARGV[3], ARGV[4])
if redis.call('llen', KEYS[2]) == 0 then redis.call('zrem', KEYS[1], ARGV[1]) redis.call('del', KEYS[3])
else redis.call('zadd', KEYS[1], ARGV[3], ARGV[1]) end`;

/** KEYS also: the dead letter, the sorted set of dead letters. ARGV: lane, delivery, now, id. Returns 1, or 0 if there is no such letter. */
export const RESEND = `
redis.call('zrem', KEYS[5], ARGV[4])
if redis.call('del', KEYS[4]) == 0 then return 0 end
redis.call('rpush', KEYS[2], ARGV[2])
redis.call('zadd', KEYS[1], ARGV[3], ARGV[1])
return 1`;
