import type { ErrorCode } from '../events/errorCodes.ts';
import { quoted, shortened } from '../wire/quoted.ts';
import { LONGEST_TOLD } from './pageCalls.ts';

/** What a page may warn of; `page_warning` is anything. */
export const WARNING_CODES = ['css_failed', 'image_failed', 'page_warning'] as const;
/** No recording is longer. In seconds. */
const LONGEST_LOSS_S = 86_400;
export type WarningCode = (typeof WARNING_CODES)[number];

/**
 * What a recorded page tells the worker through `window.callCompositor.send(message)`, defined before it loads.
 * Any page may use it; our layout app does. The worker also understands the setupLayout, template and
 * navigator contracts (see worker/page/preload/preload.ts), so a page written for those needs no change.
 */
export type PageMessage =
  /** The page may be recorded: first frames or placeholders, fonts and external CSS are painted. */
  | { readonly type: 'ready' }
  /** How many people are in the call; 0 starts the empty-call timer. */
  | { readonly type: 'participants'; readonly count: number }
  /**
   * The connection to the call is lost, or is there again; the result tells from when to when it was lost. `for_s` is for
   * how many seconds it has been lost already, if the page has noticed it late.
   */
  | { readonly type: 'connection'; readonly state: 'lost' | 'restored'; readonly for_s?: number }
  /** The call is over. */
  | { readonly type: 'call_ended' }
  /** The page cannot show the call. */
  | {
      readonly type: 'failed';
      readonly code: Extract<ErrorCode, 'call_refused' | 'call_unreachable' | 'page_error'>;
      readonly message: string;
    }
  /** Something is amiss, but recording goes on. */
  | {
      readonly type: 'warning';
      readonly code: WarningCode;
      readonly message: string;
    };

/** A message as it comes off the binding, or null where it is none: pages are not ours to trust. */
export function parsePageMessage(given: unknown): PageMessage | null {
  if (typeof given !== 'object' || given === null) return null;
  const message = given as Record<string, unknown>;
  switch (message.type) {
    case 'ready':
    case 'call_ended':
      return { type: message.type };
    case 'participants':
      return Number.isInteger(message.count) ? { type: 'participants', count: Number(message.count) } : null;
    case 'connection': {
      const { state, for_s } = message;
      if (state !== 'lost' && state !== 'restored') return null;
      const forS = Math.min(Number(for_s), LONGEST_LOSS_S);
      return { type: 'connection', state, ...(forS > 0 ? { for_s: forS } : {}) };
    }
    case 'failed': {
      const code =
        message.code === 'call_refused' || message.code === 'call_unreachable' ? message.code : 'page_error';
      return {
        type: 'failed',
        code,
        message: textOf(message.message) ?? 'no reason given',
      };
    }
    case 'warning':
      return {
        type: 'warning',
        code: WARNING_CODES.find((code) => code === message.code) ?? 'page_warning',
        message: textOf(message.message) ?? '',
      };
    default:
      return null;
  }
}

/** What a page wrote as a text, up to 500 characters; anything else is quoted, and null where there is nothing. */
function textOf(given: unknown): string | null {
  if (given === undefined || given === null) return null;
  return typeof given === 'string' ? shortened(given, LONGEST_TOLD) : quoted(given);
}
