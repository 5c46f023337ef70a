import type { Job } from 'bullmq';
import pRetry from 'p-retry';
import type { RecordingResult } from '../../shared/events/recordingEvents.ts';
import { isTriedAgain, jobOutcome } from './jobOutcome.ts';
import type { HeldJob, JobsOfWorker } from './jobsOfWorker.ts';

const TRIES = { retries: 10, maxTimeout: 30_000 };

/** Tells the queue what became of a job, and forgets what the job no longer needs. The queue tries it again where it may. */
export async function endJob(
  { commands, store }: JobsOfWorker,
  { job, held, token }: HeldJob,
  result: RecordingResult,
  mayTryAgain: boolean,
): Promise<void> {
  const id = String(job.id);
  const report = async (attempt: number) => {
    // A connection that broke may have told the queue already, and lost the answer.
    if (attempt > 1 && Object.keys(await store.jobFields(id)).length === 0) return;
    await held.stopBeating();
    if (!held.lost.aborted) await tellQueue(job, token, result, mayTryAgain);
  };
  await pRetry(report, TRIES);
  if (held.lost.aborted) return;
  await held.end();
  if (!isTriedAgain(result, mayTryAgain)) await commands.forget(id);
}

/** Puts a job back at the head of the queue. */
export async function giveBack({ job, held, token }: Pick<HeldJob, 'job' | 'held' | 'token'>): Promise<void> {
  if (held.lost.aborted) return;
  await held.stopBeating();
  await job.moveToWait(token);
  await held.end();
}

async function tellQueue(
  job: Job,
  token: string,
  result: RecordingResult,
  mayTryAgain: boolean,
): Promise<void> {
  let returned: RecordingResult;
  try {
    returned = jobOutcome(result, mayTryAgain);
  } catch (error) {
    await job.moveToFailed(error as Error, token, false);
    return;
  }
  await job.moveToCompleted(returned, token, false);
}
