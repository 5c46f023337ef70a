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
  /** Tells that the successor can go on from now on. False where it is forgotten, or another one by now. */
  tellReady(id: string, successor: Successor): Promise<boolean>;
  /** False where it is forgotten, or another one by now. */
  renew(id: string, owner: string): Promise<boolean>;
  end(id: string, owner: string): Promise<void>;
}

const FORGOTTEN_AFTER_MS = 3_000;

/** Each script does nothing, and returns 0, where the successor is not this owner. KEYS: successor. ARGV: owner. */
const MINE = `
local text = redis.call('GET', KEYS[1])
if not text or cjson.decode(text).owner ~= ARGV[1] then return 0 end
`;
/** More ARGV: successor, ms after which it is forgotten. */
const TELL_READY = `${MINE} redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) return 1`;
/** More ARGV: ms after which it is forgotten. */
const RENEW = `${MINE} redis.call('PEXPIRE', KEYS[1], ARGV[2]) return 1`;
const END = `${MINE} redis.call('DEL', KEYS[1]) return 1`;

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
      return (await redis.eval(TELL_READY, 1, keyOf(id), successor.owner, text, FORGOTTEN_AFTER_MS)) === 1;
    },
    renew: async (id, owner) => (await redis.eval(RENEW, 1, keyOf(id), owner, FORGOTTEN_AFTER_MS)) === 1,
    end: async (id, owner) => void (await redis.eval(END, 1, keyOf(id), owner)),
  };
}
