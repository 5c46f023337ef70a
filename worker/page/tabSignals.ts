import type { ReadySignal } from '../../shared/events/recordingEvents.ts';
import {
  type ConsoleLine,
  type ContractSignal,
  type LeftOut,
  LONGEST_MESSAGE,
} from '../../shared/page/pageCalls.ts';
import { type PageMessage, parsePageMessage } from '../../shared/page/pageMessages.ts';
import { quoted } from '../../shared/wire/quoted.ts';

/** What a page tells us, whichever contract it speaks; and what the tab tells us of the page. */
export type TabSignal =
  | { readonly type: 'ready'; readonly signal: Exclude<ReadySignal, 'fallback'> }
  | Exclude<PageMessage, { type: 'ready' }>
  /** An error that the page logged, or did not catch. */
  | { readonly type: 'error_told'; readonly message: string }
  /** The page asked for an address that is not allowed. */
  | { readonly type: 'address_refused'; readonly message: string }
  /** The tab shows a document of another site than before: its origin, or the scheme of its address where it has none. */
  | { readonly type: 'shows'; readonly site: string }
  /** So much of what the page told was left out since the last time. */
  | LeftOut
  | { readonly type: 'crashed' };

/**
 * What came out of the gate of a page, or null where it is no message we know: the page may have written anything into
 * it, and a page that has broken out of the browser's rules may have written all of it.
 */
export function gateSignal(text: string): TabSignal | ConsoleLine | null {
  if (text.length > LONGEST_MESSAGE) return null;
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return null;
  }
  const { signal, type, ...more } = (given ?? {}) as Partial<Record<string, unknown>>;
  const contract = contractSignal(signal as ContractSignal['signal']);
  if (contract !== null) return contract;
  if (type === 'left_out') return Number(more.count) > 0 ? { type, count: Number(more.count) } : null;
  if (type === 'console') return consoleLine(more);
  const message = parsePageMessage(given);
  return message?.type === 'ready' ? { type: 'ready', signal: 'message' } : message;
}

function contractSignal(signal: ContractSignal['signal']): TabSignal | null {
  switch (signal) {
    case 'navigator':
    case 'marker':
    case 'console':
      return { type: 'ready', signal };
    case 'console_end':
      return { type: 'call_ended' };
    default:
      return null;
  }
}

function consoleLine({ level, text }: Partial<Record<string, unknown>>): ConsoleLine {
  return {
    type: 'console',
    level: level === 'error' || level === 'warn' ? level : 'debug',
    text: typeof text === 'string' ? text : quoted(text),
  };
}
