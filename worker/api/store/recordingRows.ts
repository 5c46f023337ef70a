import type { Redis } from 'ioredis';
import { answersOf } from '../../answersOf.ts';
import { ApiError } from '../apiError.ts';
import type { ApiStore, RecordingPage, RecordingQuery } from './apiStore.ts';
import { changeRow, readRow } from './jsonRows.ts';
import { cidOf, isSettled, type RecordingRow } from './rows.ts';

/** One request reads at most so many recordings, however few of them it asks for. */
const MOST_READ = 1_000;
const BATCH = 100;
const FIELD = 'row';

/**
 * Recordings in Redis: a hash of one field for each, which Redis deletes when its time is over, and sorted sets of their
 * ids by the time when they were started, for the tenant, for each call and for each session.
 */
export function recordingRows(redis: Redis, prefix: string, keptS: number): ApiStore['recordings'] {
  const openKey = `${prefix}:open`;
  const placeOf = (tenant: string, id: string) => ({
    hash: `${prefix}:${tenant}:recording:${id}`,
    field: FIELD,
  });
  const ownerKey = (id: string) => `${prefix}:owner:${id}`;
  const allOf = (tenant: string) => `${prefix}:${tenant}:recordings`;
  const ofCall = (tenant: string, type: string, id: string) =>
    `${prefix}:${tenant}:recordings-of-call:${type}:${id}`;
  const ofSession = (tenant: string, id: string) => `${prefix}:${tenant}:recordings-of-session:${id}`;
  const indexesOf = ({ tenant, callType, callId, sessionId }: RecordingRow) => [
    allOf(tenant),
    ofCall(tenant, callType, callId),
    ofSession(tenant, sessionId),
  ];

  /** The smallest index that has all that is asked for. */
  function indexFor(tenant: string, { sessionId, callType, callId }: RecordingQuery): string {
    if (sessionId !== undefined) return ofSession(tenant, sessionId);
    if (callType !== undefined && callId !== undefined) return ofCall(tenant, callType, callId);
    return allOf(tenant);
  }

  async function read(tenant: string, ids: readonly string[]): Promise<(RecordingRow | null)[]> {
    const reads = redis.pipeline();
    for (const id of ids) reads.hget(placeOf(tenant, id).hash, FIELD);
    const texts = await answersOf(reads);
    return texts.map((text) => (typeof text === 'string' ? (JSON.parse(text) as RecordingRow) : null));
  }

  /** How many of an index come before the page: they are newer than what is asked for, or were on earlier pages. */
  async function offsetIn(index: string, { cursor, until }: RecordingQuery): Promise<number> {
    if (cursor === undefined) return until === undefined ? 0 : redis.zcount(index, `(${until}`, '+inf');
    const { createdAt, id } = readCursor(cursor);
    const rank = await redis.zrevrank(index, id);
    return rank === null ? redis.zcount(index, `(${createdAt}`, '+inf') : rank + 1;
  }

  async function list(tenant: string, query: RecordingQuery): Promise<RecordingPage> {
    const index = indexFor(tenant, query);
    const recordings: RecordingRow[] = [];
    const begin = await offsetIn(index, query);
    let last: string | null = null;
    for (let offset = begin; offset < begin + MOST_READ; offset += BATCH) {
      const found = pairsOf(await redis.zrevrange(index, offset, offset + BATCH - 1, 'WITHSCORES'));
      const rows = await read(
        tenant,
        found.map(({ id }) => id),
      );
      for (const [at, { id, createdAt }] of found.entries()) {
        if (query.from !== undefined && createdAt < query.from) return { recordings, next: null };
        if (recordings.length === query.limit) return { recordings, next: last };
        last = `${createdAt}_${id}`;
        const row = rows[at];
        if (row && matches(row, query)) recordings.push(row);
      }
      if (found.length < BATCH) return { recordings, next: null };
    }
    return { recordings, next: last };
  }

  return {
    get: (tenant, id) => readRow<RecordingRow>(redis, placeOf(tenant, id)),
    add: async (row) => {
      const { hash } = placeOf(row.tenant, row.id);
      const writes = redis.multi().hsetnx(hash, FIELD, JSON.stringify(row)).expire(hash, keptS);
      for (const index of indexesOf(row))
        writes
          .zadd(index, row.createdAt, row.id)
          .expire(index, keptS)
          .zremrangebyscore(index, '-inf', row.createdAt - keptS * 1000);
      writes.set(ownerKey(row.id), row.tenant, 'EX', keptS);
      writes.sadd(openKey, `${row.tenant} ${row.id}`);
      await answersOf(writes);
    },
    update: async (tenant, id, change) => {
      const row = await changeRow<RecordingRow>(
        redis,
        placeOf(tenant, id),
        (before) => before && change(before),
      );
      if (row === null || isSettled(row)) await redis.srem(openKey, `${tenant} ${id}`);
      return row;
    },
    remove: async (row) => {
      const removals = redis
        .multi()
        .del(placeOf(row.tenant, row.id).hash, ownerKey(row.id))
        .srem(openKey, `${row.tenant} ${row.id}`);
      for (const index of indexesOf(row)) removals.zrem(index, row.id);
      await answersOf(removals);
    },
    list,
    ownerOf: (id) => redis.get(ownerKey(id)),
    open: async () => {
      const names = await redis.smembers(openKey);
      return names.map((name) => ({ tenant: name.split(' ')[0] ?? '', id: name.split(' ')[1] ?? '' }));
    },
  };
}

function matches(row: RecordingRow, { call, callType, callId, sessionId, states }: RecordingQuery): boolean {
  return (
    (callType === undefined || row.callType === callType) &&
    (callId === undefined || row.callId === callId) &&
    (sessionId === undefined || row.sessionId === sessionId) &&
    (call === undefined ||
      cidOf({ type: row.callType, id: row.callId }).toLowerCase().includes(call.toLowerCase())) &&
    (states === undefined || states.includes(row.state))
  );
}

function pairsOf(answer: readonly string[]): { id: string; createdAt: number }[] {
  return Array.from({ length: answer.length / 2 }, (_, at) => ({
    id: answer[2 * at] as string,
    createdAt: Number(answer[2 * at + 1]),
  }));
}

function readCursor(cursor: string): { createdAt: number; id: string } {
  const [, createdAt, id] = /^(\d{1,15})_([\w-]{1,100})$/.exec(cursor) ?? [];
  if (createdAt === undefined || id === undefined)
    throw new ApiError('bad_input', 'the cursor is none that a page before has given');
  return { createdAt: Number(createdAt), id };
}
