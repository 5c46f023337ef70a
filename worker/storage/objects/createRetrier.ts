import { setTimeout as pause } from 'node:timers/promises';

import type { Waiting } from '../storage.ts';
import { reasonOf } from './storeErrors.ts';

/**
 * Unless more is given, no request may take longer than this, not even on a slow line. The client ends one much earlier on which
 * nothing moves any more.
 */
const LONGEST_REQUEST_MS = 30 * 60_000;
/** A request that has not been answered for this long counts as waiting, though it has not failed yet. */
const SLOW_MS = 20_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 20_000;

/** Sends requests until they succeed. */
export interface Retrier {
  /** Throws the error of the last try where trying again is of no use, or no longer allowed. */
  run<T>(send: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Gives up what has not succeeded this long from now, and tries at once what is waiting. */
  giveUpAfter(ms: number): void;
  /** Ends every try. Nothing is sent any more. */
  stop(): void;
  hasStopped(): boolean;
  waitingSince(): Waiting | null;
}

/** `isHopeless` says of which errors it is certain that the same request would only fail again. */
export function createRetrier(
  isHopeless: (error: unknown) => boolean,
  longestRequestMs = LONGEST_REQUEST_MS,
): Retrier {
  const stopping = new AbortController();
  let deadlineMs = Number.POSITIVE_INFINITY;
  let waking = new AbortController();
  let failing: Waiting | null = null;
  const running = new Set<{ readonly sinceMs: number }>();

  /** A last try is made at the deadline. */
  function leftMs(): number {
    return Math.max(0, deadlineMs - performance.now());
  }

  async function tryOnce<T>(send: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const request = { sinceMs: Date.now() };
    running.add(request);
    try {
      const limit = AbortSignal.timeout(longestRequestMs);
      return await send(AbortSignal.any([stopping.signal, limit]));
    } finally {
      running.delete(request);
    }
  }

  return {
    run: async (send) => {
      const startedMs = Date.now();
      for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
        try {
          stopping.signal.throwIfAborted();
          const answer = await tryOnce(send);
          failing = null;
          return answer;
        } catch (error) {
          const isOver = performance.now() >= deadlineMs;
          if (stopping.signal.aborted || isOver || isHopeless(error)) throw error;
          failing = { sinceMs: failing?.sinceMs ?? startedMs, reason: reasonOf(error) };
        }
        const signal = AbortSignal.any([stopping.signal, waking.signal]);
        const wantedMs = pauseMs * (0.5 + Math.random() / 2);
        await pause(Math.min(wantedMs, leftMs()), null, { signal }).catch(() => {});
      }
    },
    giveUpAfter: (ms) => {
      deadlineMs = performance.now() + ms;
      waking.abort();
      waking = new AbortController();
    },
    stop: () => stopping.abort(new Error('the upload was stopped')),
    hasStopped: () => stopping.signal.aborted,
    waitingSince: () => {
      if (failing) return failing;
      const slow = [...running].find(({ sinceMs }) => Date.now() - sinceMs > SLOW_MS);
      return slow ? { sinceMs: slow.sinceMs, reason: 'the store does not answer' } : null;
    },
  };
}
