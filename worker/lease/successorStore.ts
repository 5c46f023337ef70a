import type { Redis } from 'ioredis';
import type { ProcessIdentity } from './processIdentity.ts';

/** The worker that makes ready to go on with a recording whose worker leaves. Kept in Redis as JSON. */
export interface Successor {
  /** The owner of the lease that it will claim. */
  readonly owner: string;
  readonly isReady: boolean;
  readonly process: ProcessIdentity;
}

/** At most one successor for each recording. One that is not renewed for 3 s is forgotten. */
export interface SuccessorStore {
  of(id: string): Promise<Successor | null>;
  /** False where another worker is the successor already. */
  begin(id: string, successor: Successor): Promise<boolean>;
  /** Tells that the successor can go on from now on. */
  tellReady(id: string, successor: Successor): Promise<void>;
  renew(id: string): Promise<void>;
  end(id: string, owner: string): Promise<void>;
}

const FORGOTTEN_AFTER_MS = 3_000;

/** KEYS: successor. ARGV: owner. */
const END = `
local text = redis.call('GET', KEYS[1])
if text and cjson.decode(text).owner == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1`;

export function createSuccessorStore(redis: Redis, queueName: string): SuccessorStore {
  const keyOf = (id: string) => `call-compositor:${queueName}:successor:${id}`;
  return {
    of: async (id) => {
      const text = await redis.get(keyOf(id));
      return text === null ? null : (JSON.parse(text) as Successor);
    },
    begin: async (id, successor) => {
      const text = JSON.stringify(successor);
      return (await redis.set(keyOf(id), text, 'PX', FORGOTTEN_AFTER_MS, 'NX')) === 'OK';
    },
    tellReady: async (id, successor) => {
      const text = JSON.stringify({ ...successor, isReady: true });
      await redis.set(keyOf(id), text, 'PX', FORGOTTEN_AFTER_MS, 'XX');
    },
    renew: async (id) => void (await redis.pexpire(keyOf(id), FORGOTTEN_AFTER_MS)),
    end: async (id, owner) => void (await redis.eval(END, 1, keyOf(id), owner)),
  };
}
