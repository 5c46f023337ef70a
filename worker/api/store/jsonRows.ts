import type { Redis } from 'ioredis';
import type { Rows } from './apiStore.ts';

/** Writes a field of a hash if it still holds what was read; an empty text stands for nothing. */
const WRITE_IF_SAME = `
local now = redis.call('HGET', KEYS[1], ARGV[1]) or ''
if now ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
if ARGV[4] ~= '' then redis.call('EXPIRE', KEYS[1], ARGV[4]) end
return 1`;

/** Two servers seldom change the same row at the same moment, and never for long. */
const MOST_TRIES = 20;

/** Where a row is: a field of a hash. */
interface Place {
  readonly hash: string;
  readonly field: string;
  readonly expireS?: number;
}

export async function readRow<Row>(redis: Redis, { hash, field }: Place): Promise<Row | null> {
  const text = await redis.hget(hash, field);
  return text === null ? null : (JSON.parse(text) as Row);
}

/**
 * Writes what `change` makes of a row, if nobody has changed the row meanwhile; otherwise `change` is asked again.
 * Where it returns null, nothing is written. Resolves to the row as it is then.
 */
export async function changeRow<Row>(
  redis: Redis,
  place: Place,
  change: (row: Row | null) => Row | null,
): Promise<Row | null> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const before = await redis.hget(place.hash, place.field);
    const row = change(before === null ? null : (JSON.parse(before) as Row));
    if (row === null) return null;
    const values = [place.field, before ?? '', JSON.stringify(row), place.expireS ?? ''];
    if ((await redis.eval(WRITE_IF_SAME, 1, place.hash, ...values)) === 1) return row;
  }
  throw new Error(`${place.hash} ${place.field} was changed ${MOST_TRIES} times by others meanwhile`);
}

/** Rows of one kind, all those of a tenant in one hash. */
export function jsonRows<Row>(redis: Redis, hashOf: (tenant: string) => string): Rows<Row> {
  return {
    get: (tenant, field) => readRow<Row>(redis, { hash: hashOf(tenant), field }),
    list: async (tenant) => {
      const texts = await redis.hvals(hashOf(tenant));
      return texts.map((text) => JSON.parse(text) as Row);
    },
    update: async (tenant, field, change) =>
      (await changeRow<Row>(redis, { hash: hashOf(tenant), field }, change)) as Row,
    remove: async (tenant, field) => (await redis.hdel(hashOf(tenant), field)) === 1,
  };
}
