import type { Judge } from './snapshot.ts';

/** The page, or the call server through it, says that the call is over. */
export const callEnded: Judge = ({ tab }) => (tab.callEnded ? 'call_ended' : null);
