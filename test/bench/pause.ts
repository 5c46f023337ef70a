import { setTimeout as wait } from 'node:timers/promises';

/** Waits while something is measured. Never use it to wait for a state. */
export const pause = (seconds: number): Promise<void> => wait(seconds * 1000);
