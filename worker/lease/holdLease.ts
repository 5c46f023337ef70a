import { setTimeout as wait } from 'node:timers/promises';
import { messageOf } from '../recordingError.ts';
import { createLatestWriter } from './latestWriter.ts';
import type { Lease } from './lease.ts';
import type { Hold, HoldState, JobFields, LeaseStore } from './leaseStore.ts';

/** The recording that this worker holds. None of its promises rejects because Redis is away: they wait. */
export interface HeldLease {
  /** Aborted once another worker holds the recording. */
  readonly lost: AbortSignal;
  /**
   * Resolves at once while Redis has confirmed the lease within the last seconds, otherwise once it has again. Whoever
   * sends something to the world awaits it first. Rejects where another worker holds the recording.
   */
  confirmed(): Promise<void>;
  /** Resolves to whether the lease in Redis says so now. False: another worker has it. */
  change(to: Partial<Pick<Lease, 'state' | 'offered' | 'leaving'>>): Promise<boolean>;
  /** Takes back that the recording is left. The next beat tells it, so that nothing is written after the end of the job. */
  stay(): void;
  /** Keeps the newest manifest in Redis, once a second at most unless it is urgent. Resolves once it is there, or after 2 s without an answer. */
  saveManifest(manifest: object, isUrgent?: boolean): Promise<void>;
  /** Publishes an event as the job's progress, once. Resolves to false where another worker has the recording. */
  publish(event: object, isFinal: boolean): Promise<boolean>;
  /** Stops renewing the lease and leaves it to whoever comes. `offered`: at once. Waits at most 2 s for Redis. */
  leave(offered: boolean): Promise<void>;
  /** Renews the lease a last time, and stops. Then the job can be brought to its end: nothing restores it any more. */
  stopBeating(): Promise<void>;
  /** Removes lease and manifest. */
  end(): Promise<void>;
}

export interface HoldTiming {
  readonly beatMs: number;
  /** After this time without an answer from Redis another worker may have claimed the lease. */
  readonly silentMs: number;
}

interface Given {
  readonly store: LeaseStore;
  readonly id: string;
  /** As it is in Redis. */
  readonly lease: Lease;
  readonly timing: HoldTiming;
  /** What is written again after Redis has forgotten it. */
  readonly job: JobFields;
  readonly manifest: object | null;
  /** Called with the manifest after lease, job and manifest were written again. */
  readonly onRestored: (manifest: string | null) => void;
  readonly warn: (message: string, details: object) => void;
  /** Milliseconds of a clock that goes on while the machine is suspended. */
  readonly nowMs: () => number;
}

const SAVE_MANIFEST_EVERY_MS = 1_000;
/** How long to wait for a Redis that does not answer where going on is more important. */
const PATIENCE_MS = 2_000;

/** Renews a lease that this worker has taken, until it is left, ended or lost. */
export function holdLease(given: Given): HeldLease {
  const { store, id, timing, warn, nowMs } = given;
  let { lease } = given;
  const lost = new AbortController();
  let confirmedAtMs = nowMs();
  let beating: Promise<void> | null = null;
  let hasWarned = false;
  let hasLeft = false;
  let isEnding = false;
  let published = 0;
  const waiting = new Set<() => void>();
  const hold = (): Hold => ({ id, owner: lease.owner, fence: lease.fence });
  const manifests = createLatestWriter<string>(SAVE_MANIFEST_EVERY_MS, async (text) => {
    await store.saveManifest(hold(), text);
  });
  if (given.manifest) manifests.keep(JSON.stringify(given.manifest));

  const timer = setInterval(() => {
    warnWhileUnconfirmed();
    void beat().catch(() => {}); // the next beat tries again
  }, timing.beatMs);

  /** One at a time: while Redis is away, nothing piles up. Rejects where Redis has answered with an error. */
  function beat(): Promise<void> {
    beating ??= renew().finally(() => {
      beating = null;
    });
    return beating;
  }

  async function renew(): Promise<void> {
    if (lost.signal.aborted) return;
    const sentAtMs = nowMs();
    const next = { ...lease, beat: lease.beat + 1 };
    const state = await store.beat(hold(), next);
    if (state === 'held') noteHeld(next);
    else if (state === 'forgotten') return restore();
    note(state, sentAtMs);
  }

  async function restore(): Promise<void> {
    const sentAtMs = nowMs();
    const next = { ...lease, beat: lease.beat + 1, fence: lease.fence + 1 };
    const manifest = manifests.latest();
    const state = await store.restore(hold(), next, given.job, manifest);
    if (state === 'held') {
      noteHeld(next);
      warn('Redis had forgotten the recording; lease, job and manifest were written again', {});
      given.onRestored(manifest);
    }
    note(state, sentAtMs);
  }

  /** What was changed while Redis wrote the lease is written with the next beat. */
  function noteHeld(written: Lease): void {
    const { state, offered, leaving } = lease;
    lease = { ...written, state, offered, leaving };
  }

  function note(state: HoldState, sentAtMs: number): void {
    if (state === 'lost') {
      clearInterval(timer);
      warn('another worker has taken this recording over', {});
      lost.abort();
    } else {
      confirmedAtMs = sentAtMs;
      if (hasWarned) warn('Redis has confirmed the lease again', {});
      hasWarned = false;
    }
    for (const resolve of [...waiting]) resolve();
    waiting.clear();
  }

  const isConfirmed = () => nowMs() - confirmedAtMs < timing.silentMs;

  function warnWhileUnconfirmed(): void {
    if (isConfirmed() || hasWarned) return;
    hasWarned = true;
    warn('Redis does not confirm the lease; the recording goes on, and nothing is sent until it does', {});
  }

  async function confirmed(): Promise<void> {
    while (!isConfirmed() && !lost.signal.aborted && !hasLeft)
      await new Promise<void>((resolve) => waiting.add(resolve));
    if (lost.signal.aborted || hasLeft) throw new Error(`Another worker has taken the recording ${id} over`);
  }

  /** Repeats what Redis answers with an error, or has forgotten, until it is done or the recording is another's. */
  async function insist(attempt: () => Promise<HoldState>): Promise<boolean> {
    while (!lost.signal.aborted) {
      try {
        const state = await attempt();
        if (state === 'held') return true;
        await beat();
      } catch (error) {
        warn('Redis refused a change of the lease; it is tried again', { reason: messageOf(error) });
        await wait(timing.beatMs);
      }
    }
    return false;
  }

  /** Writes what whoever comes next goes on from. */
  async function writeLast(offered: boolean): Promise<HoldState> {
    const latest = manifests.latest();
    const saved = latest === null ? 'held' : await store.saveManifest(hold(), latest);
    // Whoever claims the recording just then must find the lease as it was seen.
    if (saved !== 'held' || !offered || lease.offered) return saved;
    const next = { ...lease, beat: lease.beat + 1, offered };
    const state = await store.beat(hold(), next);
    if (state === 'held') lease = next;
    return state;
  }

  return {
    lost: lost.signal,
    confirmed,
    change: async (to) => {
      await beating?.catch(() => {});
      lease = { ...lease, ...to };
      return insist(async () => {
        const next = { ...lease, beat: lease.beat + 1 };
        const state = await store.beat(hold(), next);
        if (state === 'held') noteHeld(next);
        return state;
      });
    },
    stay: () => {
      lease = { ...lease, leaving: false };
    },
    saveManifest: async (manifest, isUrgent) => {
      const written = manifests.write(JSON.stringify(manifest), isUrgent).catch(() => {}); // RESTORE or the next one writes it
      await Promise.race([written, wait(PATIENCE_MS, undefined, { ref: false })]);
    },
    publish: async (event, isFinal) => {
      published += 1;
      const told = { text: JSON.stringify(event), number: published, isFinal };
      return insist(() => store.publish(hold(), told));
    },
    leave: async (offered) => {
      hasLeft = true;
      clearInterval(timer);
      for (const resolve of waiting) resolve();
      const leaving = async () => {
        await beating;
        const state = await writeLast(offered);
        // What was offered may be another worker's by now, and what is brought to its end is nobody's.
        if (state !== 'forgotten' || lease.offered || isEnding) return;
        await beat();
        await writeLast(offered);
      };
      await Promise.race([leaving().catch(() => {}), wait(PATIENCE_MS, undefined, { ref: false })]);
    },
    stopBeating: async () => {
      isEnding = true;
      clearInterval(timer);
      await insist(() => beat().then(() => 'held'));
    },
    end: async () => {
      await store.end(hold());
    },
  };
}
