import type { Job } from 'bullmq';
import type { Logger } from '../log.ts';
import { messageOf } from '../recordingError.ts';

/** How many times a lock is renewed in its lifetime. It therefore survives a few renewals that fail. */
const RENEWALS_PER_LIFETIME = 4;

/**
 * Keeps a job locked to this worker until it is released, so that no other worker takes it for lost. Calls `onLost`
 * where another worker has taken it all the same, after Redis was away or this machine stood still.
 */
export function keepLock(
  job: Job,
  token: string,
  lockMs: number,
  log: Logger,
  onLost: () => void,
): { release(): void } {
  const renew = async () => {
    try {
      if ((await job.extendLock(token, lockMs)) === 1) return;
      clearInterval(timer);
      log.warn({ recordingId: job.id }, 'another worker has taken this job over');
      onLost();
    } catch (error) {
      log.warn({ recordingId: job.id, reason: messageOf(error) }, 'the lock of the job could not be renewed');
    }
  };
  const timer = setInterval(renew, lockMs / RENEWALS_PER_LIFETIME);
  return { release: () => clearInterval(timer) };
}
