import type { Redis } from 'ioredis';
import type { LeasesSeen } from './findSilent.ts';
import type { Lease, SeenLease } from './lease.ts';
import * as scripts from './leaseScripts.ts';

/** What one hold of a recording is known by. */
export interface Hold {
  readonly id: string;
  readonly owner: string;
  readonly fence: number;
}

/** Whether a hold is still good: another worker has claimed the recording, or Redis knows nothing of it any more. */
export type HoldState = 'held' | 'lost' | 'forgotten';

/** BullMQ's names of the keys of a queue: `active`, `wait`, an id, and so on. */
export type KeyOf = (name: string) => string;

/** A job as BullMQ keeps it: the fields of its hash. */
export type JobFields = Readonly<Record<string, string>>;

/** Leases and manifests of a queue's recordings in Redis. Every change is one script, so it is whole or not made. */
export interface LeaseStore {
  /**
   * Takes a recording that no lease names. Resolves to the lease as it is in Redis, with a fence above that of an earlier
   * run of the recording; null where another lease names it.
   */
  begin(id: string, lease: Lease): Promise<Lease | null>;
  /** Renews lease and lock. */
  beat(hold: Hold, lease: Lease): Promise<HoldState>;
  /** Writes lease, lock, job and manifest again after Redis has forgotten them. */
  restore(hold: Hold, lease: Lease, job: JobFields, manifest: string | null): Promise<HoldState>;
  /**
   * Takes over what was seen. `losses`: when workers were lost with the job, this time included; null where none was,
   * so that the claim does not count as a try.
   */
  claim(
    id: string,
    seen: SeenLease | null,
    lease: Lease,
    losses: readonly number[] | null,
  ): Promise<'claimed' | 'changed' | 'over'>;
  saveManifest(hold: Hold, manifest: string): Promise<HoldState>;
  manifest(id: string): Promise<string | null>;
  publish(
    hold: Hold,
    event: { readonly text: string; readonly number: number; readonly isFinal: boolean },
  ): Promise<HoldState>;
  /** Publishes that a job waits on the queue. False where that was told before, or a worker has taken the job. */
  publishWaiting(id: string, text: string): Promise<boolean>;
  /** Notes that a job was told to wait, so that publishWaiting does not tell it again. */
  noteToldWaiting(id: string): Promise<void>;
  /** Moves a job that waits on the queue to its head. One with a priority keeps its place. */
  moveToHead(id: string): Promise<void>;
  end(hold: Hold): Promise<void>;
  /** The fence with which the recording was ended or given back within the last day; 0 where it was not. */
  overFence(id: string): Promise<number>;
  look(): Promise<LeasesSeen & { readonly workers: ReadonlyMap<string, string> }>;
  jobFields(id: string): Promise<JobFields>;
  /**
   * Counts that a later job passes over one that waits for room. Resolves to false, and counts nothing, where it has
   * been passed over `most` times.
   */
  passOver(id: string, most: number): Promise<boolean>;
  takeBackPass(id: string): Promise<void>;
  forgetPasses(id: string): Promise<void>;
  /** Tells that a worker is alive; `text` changes each time. */
  tellAlive(workerId: string, text: string): Promise<void>;
  forgetWorkers(workerIds: readonly string[]): Promise<void>;
}

/** A running job must not be in any of these at the same time. */
const LISTS = ['wait', 'paused'];
const SORTED_SETS = ['prioritized', 'delayed'];

/** `lockMs`: how long BullMQ's lock outlives a beat. */
export function createLeaseStore(redis: Redis, queueName: string, keyOf: KeyOf, lockMs: number): LeaseStore {
  const leases = `call-compositor:${queueName}:leases`;
  const workers = `call-compositor:${queueName}:workers`;
  const passes = `call-compositor:${queueName}:passed-over`;
  const manifestOf = (id: string) => `call-compositor:${queueName}:manifest:${id}`;
  const overOf = (id: string) => `call-compositor:${queueName}:over:${id}`;
  const lockOf = (id: string) => `${keyOf(id)}:lock`;
  const jobKeys = (id: string) => [leases, keyOf(id), lockOf(id), keyOf('active')];
  const run = (script: string, keys: readonly string[], args: readonly (string | number)[]) =>
    redis.eval(script, keys.length, ...keys, ...args);
  const heldBy = ({ id, owner, fence }: Hold) => [id, owner, fence];

  async function begin(id: string, lease: Lease): Promise<Lease | null> {
    const answer = await run(scripts.BEGIN, [leases, overOf(id)], [id, JSON.stringify(lease), lease.fence]);
    if (Number(answer) < 0) return begin(id, { ...lease, fence: 1 - Number(answer) });
    return answer === 1 ? lease : null;
  }

  return {
    begin,
    beat: async (hold, lease) => {
      const args = [...heldBy(hold), JSON.stringify(lease), lockMs];
      return (await run(scripts.BEAT, [...jobKeys(hold.id), overOf(hold.id)], args)) as HoldState;
    },
    restore: async (hold, lease, job, manifest) => {
      const waiting = [...LISTS, ...SORTED_SETS].map(keyOf);
      const keys = [...jobKeys(hold.id), manifestOf(hold.id), ...waiting, overOf(hold.id)];
      const fields = Object.entries(job).flat();
      const args = [...heldBy(hold), JSON.stringify(lease), lockMs, manifest ?? '', LISTS.length, ...fields];
      return (await run(scripts.RESTORE, keys, args)) as HoldState;
    },
    claim: async (id, seen, lease, losses) => {
      const loss = losses === null ? [0, ''] : [1, JSON.stringify(losses)];
      const args = [id, seen?.text ?? '', JSON.stringify(lease), lease.owner, lockMs, ...loss];
      const answer = await run(scripts.CLAIM, [...jobKeys(id), manifestOf(id), overOf(id)], args);
      return answer as 'claimed' | 'changed' | 'over';
    },
    saveManifest: async (hold, manifest) => {
      const keys = [leases, manifestOf(hold.id), overOf(hold.id)];
      return (await run(scripts.SAVE_MANIFEST, keys, [...heldBy(hold), manifest])) as HoldState;
    },
    manifest: (id) => redis.get(manifestOf(id)),
    publish: async (hold, { text, number, isFinal }) => {
      const keys = [leases, keyOf(hold.id), keyOf('events'), keyOf('meta'), overOf(hold.id)];
      const args = [...heldBy(hold), text, number, isFinal ? 1 : 0];
      return (await run(scripts.PUBLISH, keys, args)) as HoldState;
    },
    publishWaiting: async (id, text) => {
      const keys = [keyOf(id), ...['wait', 'events', 'meta', 'prioritized'].map(keyOf)];
      return (await run(scripts.PUBLISH_WAITING, keys, [id, text])) === 1;
    },
    noteToldWaiting: async (id) => void (await run(scripts.NOTE_TOLD_WAITING, [keyOf(id)], [])),
    moveToHead: async (id) => void (await run(scripts.MOVE_TO_HEAD, [keyOf('wait')], [id])),
    end: async (hold) => {
      await run(scripts.END, [leases, manifestOf(hold.id), overOf(hold.id)], heldBy(hold));
      await redis.hdel(passes, hold.id); // one may have been counted while the job began
    },
    overFence: async (id) => Number(await redis.get(overOf(id))),
    look: async () => {
      const answers = await redis
        .multi()
        .hgetall(leases)
        .lrange(keyOf('active'), 0, -1)
        .hgetall(workers)
        .exec();
      const [held, active, alive] = (answers ?? []).map(([error, answer]) => {
        if (error) throw error;
        return answer;
      });
      return {
        leases: new Map(Object.entries(held as Record<string, string>).flatMap(readLease)),
        active: active as string[],
        workers: new Map(Object.entries(alive as Record<string, string>)),
      };
    },
    jobFields: (id) => redis.hgetall(keyOf(id)),
    passOver: async (id, most) => {
      if ((await redis.hincrby(passes, id, 1)) <= most) return true;
      await redis.hincrby(passes, id, -1);
      return false;
    },
    takeBackPass: async (id) => void (await run(scripts.TAKE_BACK_PASS, [passes], [id])),
    forgetPasses: async (id) => void (await redis.hdel(passes, id)),
    tellAlive: async (workerId, text) => void (await redis.hset(workers, workerId, text)),
    forgetWorkers: async (ids) => void (ids.length > 0 && (await redis.hdel(workers, ...ids))),
  };
}

/** A text that is no lease is passed over: a later version may have written it. */
function readLease([id, text]: [string, string]): [string, SeenLease][] {
  try {
    return [[id, { text, lease: JSON.parse(text) as Lease }]];
  } catch {
    return [];
  }
}
