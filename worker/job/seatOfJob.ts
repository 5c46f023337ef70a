import { Job } from 'bullmq';
import { messageOf } from '../recordingError.ts';
import type { HeldJob, JobsOfWorker } from './jobsOfWorker.ts';
import { jobToJudge } from './judgeJob.ts';
import type { PreparedJob } from './takenJob.ts';

/** A job in the line comes back by itself after this time, should its place in the line be lost. */
const BACK_AFTER_MS = 600_000;

/**
 * Whether the job may begin, as far as its tenant is concerned. What goes on already keeps its seat. A delivery and a
 * stop need none.
 */
export async function takeSeat(
  { seats, runner }: Pick<JobsOfWorker, 'seats' | 'runner'>,
  mine: HeldJob,
  stop: AbortSignal,
): Promise<boolean> {
  const judged = jobToJudge(mine);
  if (judged.manifest?.ended) return true;
  const of = [judged.id, runner.tenantOf(judged)] as const;
  if (judged.manifest !== null) await seats.keep(...of);
  else if (!stop.aborted) return seats.take(...of);
  else if (stop.reason === 'stopped') await seats.leave(...of);
  return true;
}

/**
 * Puts a job aside that waits for a seat, so that it keeps no other job waiting. It is among the delayed ones of the queue,
 * where a stop finds it, and told to wait once.
 */
export async function putAside(
  { seats, runner, store, log }: Pick<JobsOfWorker, 'seats' | 'runner' | 'store' | 'log'>,
  mine: HeldJob,
  tellWaiting: PreparedJob['tellWaiting'],
  settled: () => Promise<void>,
): Promise<void> {
  const { job, held, token, fields } = mine;
  const judged = jobToJudge(mine);
  const tenant = runner.tenantOf(judged);
  if (fields.toldWaiting === undefined) {
    tellWaiting();
    await settled();
    await store.noteToldWaiting(judged.id);
    log.info({ recordingId: judged.id, tenant }, 'waits until its tenant records fewer calls');
  }
  await seats.standInLine(judged.id, tenant);
  if (held.lost.aborted) return;
  await held.stopBeating();
  await job.moveToDelayed(Date.now() + BACK_AFTER_MS, token);
  await held.end();
}

/** Puts those jobs back to the head of the queue that were put aside and may begin now. */
export async function bringBack(
  shared: Pick<JobsOfWorker, 'worker' | 'seats' | 'store' | 'log'>,
): Promise<void> {
  for (const { id, tenant } of await shared.seats.firstInLine()) {
    const isThere = await bringOneBack(shared, id);
    if (!isThere) await shared.seats.leave(id, tenant);
  }
}

/** Puts a delayed job to the head of the queue, such as one that is to be stopped. False where there is no such job. */
export async function bringOneBack(
  { worker, store, log }: Pick<JobsOfWorker, 'worker' | 'store' | 'log'>,
  id: string,
): Promise<boolean> {
  const job = await Job.fromId(worker, id);
  if (!job) return false;
  if (!(await job.isDelayed())) return true;
  try {
    await job.promote();
    await store.moveToHead(id);
  } catch (error) {
    // Another worker has done the same in this moment.
    log.debug({ recordingId: id, reason: messageOf(error) }, 'a job was brought back already');
  }
  return true;
}
