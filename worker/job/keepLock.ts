import type { Job } from 'bullmq';
import type { Logger } from '../log.ts';
import { messageOf } from '../recordingError.ts';

/** How many times a lock is renewed in its lifetime. It therefore survives a few renewals that fail. */
const RENEWALS_PER_LIFETIME = 4;

/** Keeps a job locked to this worker until it is released. Otherwise another worker would take over the job. */
export function keepLock(job: Job, token: string, lockMs: number, log: Logger): { release(): void } {
  const renew = async () => {
    try {
      await job.extendLock(token, lockMs);
    } catch (error) {
      log.warn({ recordingId: job.id, reason: messageOf(error) }, 'the lock of the job could not be renewed');
    }
  };
  const timer = setInterval(renew, lockMs / RENEWALS_PER_LIFETIME);
  return { release: () => clearInterval(timer) };
}
