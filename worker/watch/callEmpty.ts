import type { Judge } from './snapshot.ts';

/**
 * Nobody has been in the call for `empty_timeout_s`, counted from when the last person left, or from when
 * the page first said that nobody is there. A page that tells no number is never empty.
 */
export const callEmpty: Judge = ({ tab, nowMs, limits }) => {
  if (tab.emptySinceMs === null) return null;
  return nowMs - tab.emptySinceMs >= limits.emptyTimeoutS * 1000 ? 'call_empty' : null;
};
