/**
 * The scripts that Redis runs as one step each. A hold is an owner and a fence; `mine` says whether a lease in Redis is
 * that hold. Redis may have lost the newest state (emptied, restarted from an older snapshot, failed over): a lease
 * that is missing, or has no higher fence than ours, was forgotten and not claimed. The last of KEYS is the fence with
 * which the recording was ended or given back: whoever holds that one or a lower one wakes up too late. It is kept for a
 * day.
 */
const MINE = `
local function mine(text, owner, fence)
  if text then
    local lease = cjson.decode(text)
    if lease.owner == owner and lease.fence == tonumber(fence) then return 'held' end
    if lease.fence > tonumber(fence) then return 'lost' end
  end
  if tonumber(redis.call('GET', KEYS[#KEYS]) or 0) >= tonumber(fence) then return 'lost' end
  return 'forgotten'
end
local function lock(key, token, ms) redis.call('SET', key, token, 'PX', ms) end
`;

const NOTE_OVER = `
local function noteOver(fence) redis.call('SET', KEYS[#KEYS], fence, 'EX', 86400) end
`;

/**
 * KEYS: leases, over. ARGV: id, lease, its fence. Takes a recording that no lease names. Returns 1; 0 where one does; the
 * negative fence of an earlier end where the given one is not higher.
 */
export const BEGIN = `
local over = tonumber(redis.call('GET', KEYS[2]) or 0)
if over >= tonumber(ARGV[3]) then return -over end
redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2])
return redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] and 1 or 0`;

/** KEYS: leases, job, lock, active, over. ARGV: id, owner, fence, new lease, lock ms. Returns held, lost or forgotten. */
export const BEAT = `${MINE}
local state = mine(redis.call('HGET', KEYS[1], ARGV[1]), ARGV[2], ARGV[3])
if state ~= 'held' then return state end
if redis.call('EXISTS', KEYS[2]) == 0 or not redis.call('LPOS', KEYS[4], ARGV[1]) then return 'forgotten' end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[4])
lock(KEYS[3], ARGV[2], ARGV[5])
return 'held'`;

/**
 * Writes everything again that Redis has forgotten. KEYS: leases, job, lock, active, manifest, lists that must not name
 * the job, sorted sets that must not, over. ARGV: id, owner, fence held, new lease, lock ms, manifest, number of lists,
 * then fields and values of the job. Returns held or lost.
 */
export const RESTORE = `${MINE}
local text = redis.call('HGET', KEYS[1], ARGV[1])
if text ~= ARGV[4] and mine(text, ARGV[2], ARGV[3]) == 'lost' then return 'lost' end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[4])
if redis.call('EXISTS', KEYS[2]) == 0 then redis.call('HSET', KEYS[2], unpack(ARGV, 8)) end
local lists = tonumber(ARGV[7])
for at = 6, 5 + lists do redis.call('LREM', KEYS[at], 0, ARGV[1]) end
for at = 6 + lists, #KEYS - 1 do redis.call('ZREM', KEYS[at], ARGV[1]) end
redis.call('LREM', KEYS[4], 0, ARGV[1])
redis.call('LPUSH', KEYS[4], ARGV[1])
lock(KEYS[3], ARGV[2], ARGV[5])
if ARGV[6] ~= '' then redis.call('SET', KEYS[5], ARGV[6]) end
return 'held'`;

/**
 * KEYS: leases, job, lock, active, manifest, over. ARGV: id, expected lease ('' for none), new lease, its owner, lock ms,
 * 1 where the claim counts as a lost worker, times of all such claims. Returns claimed; changed where the lease is
 * another one by now; over where the job is no longer running, so that the lease was only left behind and is removed.
 */
export const CLAIM = `${NOTE_OVER}
local text = redis.call('HGET', KEYS[1], ARGV[1]) or ''
if text == ARGV[3] then return 'claimed' end
if text ~= ARGV[2] then return 'changed' end
if redis.call('EXISTS', KEYS[2]) == 0 or not redis.call('LPOS', KEYS[4], ARGV[1]) then
  if text ~= '' then noteOver(cjson.decode(text).fence) end
  redis.call('HDEL', KEYS[1], ARGV[1])
  redis.call('DEL', KEYS[5])
  return 'over'
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
redis.call('SET', KEYS[3], ARGV[4], 'PX', ARGV[5])
if ARGV[6] == '1' then
  redis.call('HINCRBY', KEYS[2], 'stc', 1)
  redis.call('HSET', KEYS[2], 'lostAt', ARGV[7])
end
return 'claimed'`;

/** KEYS: leases, manifest, over. ARGV: id, owner, fence, manifest. Returns held, lost or forgotten. */
export const SAVE_MANIFEST = `${MINE}
local state = mine(redis.call('HGET', KEYS[1], ARGV[1]), ARGV[2], ARGV[3])
if state == 'held' then redis.call('SET', KEYS[2], ARGV[4]) end
return state`;

/**
 * Publishes an event as the job's progress, as BullMQ does, but only for the one who holds the lease, and each once,
 * whatever a connection that breaks lets a client send twice. KEYS: leases, job, events, meta, over. ARGV: id, owner, fence,
 * event, its number, 1 where it is the final one. Returns held, lost or forgotten.
 */
export const PUBLISH = `${MINE}
local state = mine(redis.call('HGET', KEYS[1], ARGV[1]), ARGV[2], ARGV[3])
if state ~= 'held' then return state end
if redis.call('EXISTS', KEYS[2]) == 0 then return 'forgotten' end
local told = redis.call('HMGET', KEYS[2], 'told', 'toldBy', 'final')
if told[3] or (told[2] == ARGV[2] and tonumber(told[1]) >= tonumber(ARGV[5])) then return 'held' end
redis.call('HSET', KEYS[2], 'told', ARGV[5], 'toldBy', ARGV[2], 'progress', ARGV[4])
if ARGV[6] == '1' then redis.call('HSET', KEYS[2], 'final', ARGV[4]) end
local most = redis.call('HGET', KEYS[4], 'opts.maxLenEvents') or 10000
redis.call('XADD', KEYS[3], 'MAXLEN', '~', most, '*', 'event', 'progress', 'jobId', ARGV[1], 'data', ARGV[4])
return 'held'`;

/**
 * Publishes, once, that a job waits, unless a worker has taken it by now. KEYS: job, wait, events, meta, prioritized. ARGV: id,
 * event.
 * Returns 1 where it did.
 */
export const PUBLISH_WAITING = `
if not redis.call('LPOS', KEYS[2], ARGV[1]) and not redis.call('ZSCORE', KEYS[5], ARGV[1]) then return 0 end
if redis.call('HSETNX', KEYS[1], 'toldWaiting', 1) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'progress', ARGV[2])
local most = redis.call('HGET', KEYS[4], 'opts.maxLenEvents') or 10000
redis.call('XADD', KEYS[3], 'MAXLEN', '~', most, '*', 'event', 'progress', 'jobId', ARGV[1], 'data', ARGV[2])
return 1`;

/** KEYS: job. */
export const NOTE_TOLD_WAITING = `
if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HSET', KEYS[1], 'toldWaiting', 1) end
return 0`;

/** KEYS: wait. ARGV: id. BullMQ takes the last one of the list. */
export const MOVE_TO_HEAD = `
if redis.call('LREM', KEYS[1], 0, ARGV[1]) > 0 then redis.call('RPUSH', KEYS[1], ARGV[1]) end
return 0`;

/** KEYS: leases, manifest, over. ARGV: id, owner, fence. Removes lease and manifest of a recording that is over. */
export const END = `${MINE}${NOTE_OVER}
if mine(redis.call('HGET', KEYS[1], ARGV[1]), ARGV[2], ARGV[3]) ~= 'held' then return 0 end
noteOver(ARGV[3])
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('DEL', KEYS[2])
return 1`;

/** KEYS: passes. ARGV: id. Takes one back, unless all of them are forgotten by now. */
export const TAKE_BACK_PASS = `
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then redis.call('HINCRBY', KEYS[1], ARGV[1], -1) end
return 0`;
