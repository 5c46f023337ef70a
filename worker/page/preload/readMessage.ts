import {
  type ConsoleLine,
  type ContractSignal,
  LONGEST_MESSAGE,
  type UncaughtError,
} from '../../../shared/page/pageCalls.ts';

/** A message as it may leave the gate: what it says is judged by the worker. */
export type Message =
  | UncaughtError
  | ConsoleLine
  | (ContractSignal & { readonly type?: undefined })
  | { readonly type: 'ready' | 'call_ended' | 'failed' | 'warning' | 'participants' | 'connection' };

const TYPES: readonly unknown[] = [
  'uncaught',
  'console',
  'ready',
  'call_ended',
  'failed',
  'warning',
  'participants',
  'connection',
];
const SIGNALS: readonly unknown[] = ['navigator', 'marker', 'console', 'console_end'];

/** Reads what came over the page's channel, where the page may put anything; null where it is no message. */
export function readMessage(given: unknown): Message | null {
  if (typeof given !== 'string' || given.length > LONGEST_MESSAGE) return null;
  let message: unknown;
  try {
    message = JSON.parse(given);
  } catch {
    return null;
  }
  if (typeof message !== 'object' || message === null) return null;
  const { type, signal } = message as Record<string, unknown>;
  const isKnown = type === undefined ? SIGNALS.includes(signal) : TYPES.includes(type);
  return isKnown ? (message as Message) : null;
}
