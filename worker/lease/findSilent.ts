import type { SeenLease } from './lease.ts';

/** What one look at Redis has shown. */
export interface LeasesSeen {
  readonly leases: ReadonlyMap<string, SeenLease>;
  /** The ids of all jobs that BullMQ counts as running. */
  readonly active: readonly string[];
}

/** A recording that nobody seems to hold: its lease, or null where a running job has none. */
export interface Silent {
  readonly id: string;
  readonly seen: SeenLease | null;
  /** How long nothing was heard of it, by this worker's own observation. */
  readonly forMs: number;
}

/**
 * Judges which leases are silent, from looks that follow one another. A lease is silent when its beat has not changed
 * for `silentMs` of the watcher's own clock, or at once where its process is known to have ended. The observation
 * starts anew after a pause of more than `longestPauseMs` between two looks: Redis was away then, or this machine stood
 * still, and the owners may not have been able to renew their leases either.
 */
export function createSilenceJudge(
  limits: { readonly silentMs: number; readonly longestPauseMs: number },
  hasEnded: (lease: SeenLease) => boolean,
): (seen: LeasesSeen, nowMs: number) => Silent[] {
  let since = new Map<string, { readonly text: string | null; readonly sinceMs: number }>();
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  return ({ leases, active }, nowMs) => {
    if (nowMs - lookedAtMs > limits.longestPauseMs) since = new Map();
    lookedAtMs = nowMs;
    const ids = new Set([...leases.keys(), ...active]);
    const before = since;
    since = new Map();
    const silent: Silent[] = [];
    for (const id of ids) {
      const seen = leases.get(id) ?? null;
      const text = seen?.text ?? null;
      const earlier = before.get(id);
      const sinceMs = earlier !== undefined && earlier.text === text ? earlier.sinceMs : nowMs;
      since.set(id, { text, sinceMs });
      if (nowMs - sinceMs >= limits.silentMs || (seen !== null && hasEnded(seen)))
        silent.push({ id, seen, forMs: nowMs - sinceMs });
    }
    return silent;
  };
}
