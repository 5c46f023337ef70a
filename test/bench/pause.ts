import { setTimeout as wait } from 'node:timers/promises';

/** The time that is measured over; nothing is waited for. */
export const pause = (seconds: number): Promise<void> => wait(seconds * 1000);
