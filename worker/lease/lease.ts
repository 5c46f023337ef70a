import type { ProcessIdentity } from './processIdentity.ts';

/** Who may write and publish for a recording. It is kept in Redis as JSON, one for each recording. */
export interface Lease {
  /** The hold: a new one for each claim, and the token of BullMQ's lock at the same time. */
  readonly owner: string;
  /** Grows with each claim. Whoever holds a lower one than Redis knows has lost the recording. */
  readonly fence: number;
  /** Grows with each beat, so that a lease of which nothing is heard can be told. */
  readonly beat: number;
  /** waiting: for room on the owner's machine, and nothing has begun. running: everything after that. */
  readonly state: 'waiting' | 'running';
  /** Whether any worker that has room may claim it although its owner is alive. */
  readonly offered: boolean;
  /** Its owner records on, and waits for another worker that makes ready to go on with it. */
  readonly leaving: boolean;
  readonly process: ProcessIdentity;
}

/** A lease as it was read, with its exact text: a claim succeeds only where the text is still the same. */
export interface SeenLease {
  readonly text: string;
  readonly lease: Lease;
}
