import { messageOf } from '../recordingError.ts';
import { EgressRefusal } from './egressRefusal.ts';

/** Hosts whose failure is remembered; of more, the oldest is forgotten. No more refusals are told either. */
const MOST_FAILURES = 200;

/** Why a browser could not reach an address. */
export interface EgressFailure {
  /** Whether the rules forbid the address; otherwise it could not be reached. */
  readonly isRefused: boolean;
  /** What failed, on which host and port. */
  readonly reason: string;
}

/** What a browser could not reach. */
export interface FailureNotes {
  note(host: string, port: number, error: unknown): void;
  /** The host was reached. */
  forget(host: string, port: number): void;
  of(host: string, port: number): EgressFailure | null;
  /** Calls the listener once for each host and port that is refused, also for those before. */
  listen(listener: (refusal: EgressRefusal) => void): void;
}

export function noteFailures(): FailureNotes {
  const failures = new Map<string, EgressFailure>();
  const refusals = new Map<string, EgressRefusal>();
  const listeners: ((refusal: EgressRefusal) => void)[] = [];
  return {
    note: (host, port, error) => {
      const key = keyOf(host, port);
      failures.delete(key);
      failures.set(key, asFailure(error));
      if (failures.size > MOST_FAILURES) failures.delete(failures.keys().next().value as string);
      if (!(error instanceof EgressRefusal) || refusals.has(key) || refusals.size >= MOST_FAILURES) return;
      refusals.set(key, error);
      for (const listener of listeners) listener(error);
    },
    forget: (host, port) => void failures.delete(keyOf(host, port)),
    of: (host, port) => failures.get(keyOf(host, port)) ?? null,
    listen: (listener) => {
      for (const refusal of refusals.values()) listener(refusal);
      listeners.push(listener);
    },
  };
}

export function asFailure(error: unknown): EgressFailure {
  return { isRefused: error instanceof EgressRefusal, reason: messageOf(error) };
}

function keyOf(host: string, port: number): string {
  return `${host.toLowerCase()}:${port}`;
}
