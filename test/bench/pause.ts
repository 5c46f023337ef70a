import { setTimeout as wait } from 'node:timers/promises';

/** Waits while something is measured. Use it only for that, and never to wait for a state. */
export const pause = (seconds: number): Promise<void> => wait(seconds * 1000);
