import type { TabObservations } from './tabObservations.ts';

/** The end of a failure message: the last error that the page logged or did not catch; empty where there is none. */
export function lastErrorOf({ lastError }: Pick<TabObservations, 'lastError'>): string {
  return lastError === null ? '' : `; the last error of the page is: ${lastError}`;
}
