import type { Redis } from 'ioredis';
import type { ApiStore } from './apiStore.ts';
import { jsonRows } from './jsonRows.ts';
import { recordingRows } from './recordingRows.ts';
import type { CallRow, CallTypeRow, StorageRow } from './rows.ts';

const DAY_S = 24 * 60 * 60;

const REPLACE = `
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1`;

/**
 * Keeps what the servers know in the Redis of the queue: a start must claim its call and put its job on the queue, and
 * both are lost or kept together. Nothing deletes a file because something is missing here.
 */
export function redisApiStore(
  redis: Redis,
  { queueName, keepDays }: { queueName: string; keepDays: number },
): ApiStore {
  const prefix = `call-compositor:${queueName}:api`;
  const keptS = keepDays * DAY_S;
  const runningKey = (tenant: string, cid: string) => `${prefix}:${tenant}:running:${cid}`;
  return {
    callTypes: jsonRows<CallTypeRow>(redis, (tenant) => `${prefix}:${tenant}:call-types`),
    storages: jsonRows<StorageRow>(redis, (tenant) => `${prefix}:${tenant}:storages`),
    calls: jsonRows<CallRow>(redis, (tenant) => `${prefix}:${tenant}:calls`),
    recordings: recordingRows(redis, prefix, keptS),
    running: {
      of: (tenant, cid) => redis.get(runningKey(tenant, cid)),
      replace: async (tenant, cid, before, next) =>
        (await redis.eval(REPLACE, 1, runningKey(tenant, cid), before ?? '', next, keptS)) === 1,
    },
    ping: async () => {
      await redis.ping();
    },
  };
}
