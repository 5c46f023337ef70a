import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { Redis } from 'ioredis';
import { answersOf } from '../../answersOf.ts';
import type { ApiStore } from './apiStore.ts';
import { changeRow, jsonRows, readRow } from './jsonRows.ts';
import { recordingRows } from './recordingRows.ts';
import type { AppRow, CallRow, CallTypeRow, StorageRow } from './rows.ts';

const DAY_S = 24 * 60 * 60;
/** No session lasts longer, and no message about one comes later. */
const SESSION_KEPT_S = 7 * DAY_S;

const REPLACE = `
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1`;

async function makeKeys() {
  return promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

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
  const sessionKey = (tenant: string, session: string) => `${prefix}:${tenant}:session:${session}`;
  const callAt = (tenant: string, cid: string) => ({
    ...{ hash: `${prefix}:${tenant}:call:${cid}`, field: 'row', expireS: keptS },
  });
  const watchedKey = (tenant: string, connection: string) => `${prefix}:${tenant}:watched:${connection}`;
  return {
    callTypes: jsonRows<CallTypeRow>(redis, (tenant) => `${prefix}:${tenant}:call-types`),
    storages: jsonRows<StorageRow>(redis, (tenant) => `${prefix}:${tenant}:storages`),
    apps: jsonRows<AppRow>(redis, (tenant) => `${prefix}:${tenant}:apps`),
    watched: {
      add: async (tenant, connection, cid) => {
        const key = watchedKey(tenant, connection);
        await redis.multi().sadd(key, cid).expire(key, DAY_S).exec();
      },
      by: async (tenant, connections, cid) => {
        const questions = redis.pipeline();
        for (const connection of connections) questions.sismember(watchedKey(tenant, connection), cid);
        const answers = await answersOf(questions);
        return connections.filter((_, at) => answers[at] === 1);
      },
    },
    // People create calls, and nobody deletes them: each is forgotten when it has not been changed for long.
    calls: {
      get: (tenant, cid) => readRow<CallRow>(redis, callAt(tenant, cid)),
      update: async (tenant, cid, change) =>
        (await changeRow<CallRow>(redis, callAt(tenant, cid), change)) as CallRow,
    },
    recordings: recordingRows(redis, prefix, keptS),
    running: {
      of: (tenant, cid) => redis.get(runningKey(tenant, cid)),
      replace: async (tenant, cid, before, next) =>
        (await redis.eval(REPLACE, 1, runningKey(tenant, cid), before ?? '', next, keptS)) === 1,
    },
    sessions: {
      of: (tenant, session) => redis.get(sessionKey(tenant, session)),
      claim: async (tenant, session, recording) => {
        const key = sessionKey(tenant, session);
        await redis.set(key, recording, 'EX', SESSION_KEPT_S, 'NX');
        return (await redis.get(key)) ?? recording;
      },
    },
    signingKey: async () => {
      const key = `${prefix}:signing-key`;
      const made = (await redis.get(key)) ?? JSON.stringify(await makeKeys());
      await redis.set(key, made, 'NX');
      return JSON.parse((await redis.get(key)) ?? made);
    },
    ping: async () => {
      await redis.ping();
    },
  };
}
