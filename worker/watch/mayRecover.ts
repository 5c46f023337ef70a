import type { ErrorCode } from '../../shared/events/errorCodes.ts';
import type { TabObservations } from './tabObservations.ts';

/** What a new browser may mend in the middle of a recording. */
const RECOVERABLE: readonly ErrorCode[] = [
  'browser_failed',
  'capture_failed',
  'page_crashed',
  'page_frozen',
  'page_blank',
  'page_left',
];

/**
 * Whether a recording that has failed with this code may go on in a new browser. A page that never showed
 * anything would not show more the next time.
 */
export function mayRecover(code: ErrorCode, { probe }: Pick<TabObservations, 'probe'>): boolean {
  if (code === 'page_blank' && probe?.hasShownAnything === false) return false;
  return RECOVERABLE.includes(code);
}
