import type { Judge } from './snapshot.ts';

/** Somebody asked for the end, or the worker is shutting down. */
export const stopRequested: Judge = ({ stopReason }) => stopReason;
