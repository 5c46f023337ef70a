import type { PageProbe } from './pageProbe.ts';

/**
 * Two scripts run in a recorded page before its own. One runs among the page's scripts and is the page's half of the
 * contracts; it hands on what the page says as events of this name on `performance`. The other one, the gate, runs in
 * a world of its own: the page reaches neither its functions nor those of the worker.
 */
export const PAGE_CHANNEL = 'call-compositor';

/** The world of the gate, as the browser knows it. */
export const GATE_WORLD = 'call-compositor-gate';

/** What the worker calls in the gate: methods of the global `compositorGate` of its world. */
export interface PageCalls {
  /** Answers once the page has painted another frame, so that no answer means a frozen page. */
  probe(): Promise<PageProbe>;
  /** From now on, what the page says is handed to the function of this name, and what it said before. */
  connect(binding: string): void;
}

/** Says that the page may be recorded, or that the call is over, in one of the contracts that other recorders know. */
export interface ContractSignal {
  readonly signal: 'navigator' | 'marker' | 'console' | 'console_end';
}

/** What a page wrote on its console, or what it did not catch. */
export interface ConsoleLine {
  readonly type: 'console';
  readonly level: 'error' | 'warn' | 'debug';
  readonly text: string;
}

/** An error that the page did not catch, at the moment when that happened; it is for the gate. */
export interface UncaughtError {
  readonly type: 'uncaught';
  readonly cause: 'exception' | 'rejection';
  readonly error: string;
}

/** How much of what the page wrote was left out so far, because it was too much. */
export interface LeftOut {
  readonly type: 'left_out';
  readonly count: number;
}

/** How much of a text a page may tell, in characters; and of a whole message, as JSON. */
export const LONGEST_TOLD = 500;
export const LONGEST_MESSAGE = 4_000;
