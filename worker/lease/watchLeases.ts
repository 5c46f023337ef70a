import { setTimeout as wait } from 'node:timers/promises';
import { messageOf } from '../recordingError.ts';
import { createSilenceJudge, type Silent } from './findSilent.ts';
import type { SeenLease } from './lease.ts';
import type { LeaseStore } from './leaseStore.ts';
import { hasEnded, type ProcessIdentity } from './processIdentity.ts';

/** What one look has shown. */
export interface LeaseView {
  readonly leases: ReadonlyMap<string, SeenLease>;
  /** Recordings that nobody holds, by all that is known. */
  readonly silent: readonly Silent[];
  /** Other workers of the queue that are not about to leave. They may be full now. */
  readonly others: readonly ProcessIdentity[];
  /** Every worker of which something was heard within the last seconds, this one too. */
  readonly alive: readonly ProcessIdentity[];
}

export interface WatchTiming {
  readonly lookMs: number;
  readonly silentMs: number;
}

/** What a worker tells of itself. */
interface Alive {
  /** Another one each time. */
  readonly beat: number;
  /** It will offer its recordings in a moment. */
  readonly isLeaving: boolean;
  readonly process: ProcessIdentity;
}

/** After a longer pause between two looks nothing is known of the time between them. */
const LONGEST_PAUSE_MS = 2_000;
/** While a worker leaves, every moment before its offer is seen is missing in a recording. */
const LOOK_FOR_OFFERS_MS = 20;
const TELL_ALIVE_EVERY_MS = 1_000;
/** A worker of which nothing is heard for this long counts as gone; after the second time its entry is removed. */
const GONE_AFTER_MS = 5_000;
const REMOVED_AFTER_MS = 60_000;

export interface LeaseWatch {
  /** The last look; nothing is in it before the first one. */
  now(): LeaseView;
  /** Tells the others at once whether this worker is about to leave, and looks anew. */
  refresh(): Promise<LeaseView>;
  close(): Promise<void>;
}

/**
 * Looks at all leases of the queue again and again, and tells the other workers that this one is alive. `onLook` takes
 * every view; the next look waits for it.
 */
export function watchLeases(
  given: {
    readonly store: LeaseStore;
    readonly workerId: string;
    readonly here: ProcessIdentity;
    readonly timing: WatchTiming;
    readonly isLeaving: () => boolean;
    readonly warn: (message: string, details: object) => void;
  },
  onLook: (view: LeaseView) => Promise<void>,
): LeaseWatch {
  const { store, workerId, here, timing, isLeaving, warn } = given;
  const judge = createSilenceJudge(
    { silentMs: timing.silentMs, longestPauseMs: LONGEST_PAUSE_MS },
    ({ lease }) => hasEnded(lease.process, here),
  );
  const workers = createPresence();
  let view: LeaseView = { leases: new Map(), silent: [], others: [], alive: [] };
  let toldAtMs = Number.NEGATIVE_INFINITY;
  let isAnyLeaving = false;
  let isClosed = false;
  const looking = lookOnAndOn();

  const isOther = (id: string, told: Alive) =>
    id !== workerId && !told.isLeaving && !hasEnded(told.process, here);

  async function lookOnAndOn(): Promise<void> {
    while (!isClosed) {
      try {
        await look();
        await onLook(view);
      } catch (error) {
        warn('the leases cannot be read; the worker tries again', { reason: messageOf(error) });
      }
      await wait(isAnyLeaving ? Math.min(timing.lookMs, LOOK_FOR_OFFERS_MS) : timing.lookMs);
    }
  }

  async function tellAlive(): Promise<void> {
    toldAtMs = performance.now();
    const alive: Alive = { beat: toldAtMs, isLeaving: isLeaving(), process: here };
    await store.tellAlive(workerId, JSON.stringify(alive));
  }

  async function look(): Promise<void> {
    if (performance.now() - toldAtMs >= TELL_ALIVE_EVERY_MS) await tellAlive();
    const seen = await store.look();
    const nowMs = performance.now();
    const { alive, removed } = workers(seen.workers, nowMs);
    await store.forgetWorkers(removed);
    isAnyLeaving = [...alive.values()].some((told) => told.isLeaving);
    view = {
      leases: seen.leases,
      silent: judge(seen, nowMs),
      others: [...alive].flatMap(([id, told]) => (isOther(id, told) ? [told.process] : [])),
      alive: [...alive.values()].map((told) => told.process),
    };
  }

  return {
    now: () => view,
    refresh: async () => {
      await tellAlive();
      await look();
      return view;
    },
    close: async () => {
      isClosed = true;
      await looking;
      await store.forgetWorkers([workerId]);
    },
  };
}

/** Tells which workers have told something new within the last seconds, by this worker's own clock. */
function createPresence() {
  const heard = new Map<string, { readonly text: string; readonly atMs: number }>();
  return (told: ReadonlyMap<string, string>, nowMs: number) => {
    const alive = new Map<string, Alive>();
    const removed: string[] = [];
    for (const id of heard.keys()) if (!told.has(id)) heard.delete(id);
    for (const [id, text] of told) {
      const earlier = heard.get(id);
      const atMs = earlier?.text === text ? earlier.atMs : nowMs;
      heard.set(id, { text, atMs });
      if (nowMs - atMs < GONE_AFTER_MS) alive.set(id, JSON.parse(text) as Alive);
      if (nowMs - atMs > REMOVED_AFTER_MS) removed.push(id);
    }
    return { alive, removed };
  };
}
