import type { Job } from 'bullmq';
import pRetry from 'p-retry';
import type { RecordingResult } from '../../shared/events/recordingEvents.ts';
import type { CommandStream, SentCommand } from '../control/commandStream.ts';
import { inOrder } from '../events/inOrder.ts';
import type { Logger } from '../log.ts';
import { messageOf } from '../recordingError.ts';
import { awaitRoom } from './awaitRoom.ts';
import { jobOutcome } from './jobOutcome.ts';
import { keepLock } from './keepLock.ts';
import type { Gate, PreparedJob, TakenJob } from './takenJob.ts';

/** A job that this worker has taken. None of the promises rejects. */
export interface JobRun {
  readonly id: string;
  /** Its reason is the end reason. */
  readonly stop: AbortController;
  /** Resolves once the job has its room, or is over. */
  readonly placed: Promise<void>;
  /** Resolves once nothing of the recording can be lost any more. */
  readonly stored: Promise<void>;
  /** Resolves once the queue knows what became of the job. */
  readonly done: Promise<void>;
}

interface Given {
  readonly job: Job;
  readonly token: string;
  readonly lockMs: number;
  readonly gate: Gate;
  readonly commands: CommandStream;
  readonly carryOut: (command: SentCommand) => void;
  readonly told: Set<string>;
  readonly log: Logger;
  readonly prepare: (job: TakenJob) => PreparedJob;
}

/** Starts one job, and brings it from the queue to the point where the queue knows what became of it. */
export function startJob(given: Given): JobRun {
  const { job, log } = given;
  const id = String(job.id);
  const stop = new AbortController();
  const steps = { placed: signal(), stored: signal() };
  const done = runJob(given, stop, steps)
    .catch((error) => log.error({ err: error, recordingId: id }, 'the job could not be brought to its end'))
    .finally(() => {
      steps.placed.resolve();
      steps.stored.resolve();
    });
  return { id, stop, placed: steps.placed.promise, stored: steps.stored.promise, done };
}

interface Steps {
  readonly placed: Signal;
  readonly stored: Signal;
}

async function runJob(given: Given, stop: AbortController, steps: Steps): Promise<void> {
  const { job, token, lockMs, commands, log } = given;
  const id = String(job.id);
  const lock = keepLock(job, token, lockMs, log, () => stop.abort('taken_over'));
  const events = inOrder((event) => job.updateProgress(event), log);
  try {
    await carryOutPending(given);
    const taken = takenJob(job, stop.signal, events.publish);
    const prepared = given.prepare(taken);
    const result = await runWithRoom(prepared, given, stop, steps.placed);
    steps.stored.resolve();
    // The queue may forget the job only after its final event is kept: until then, another worker would tell it.
    await Promise.all([events.settled(), prepared.told()]);
    if (stop.signal.reason === 'taken_over') return; // the job is another worker's now
    if (result === null) return void (await job.moveToWait(token));
    await pRetry(() => report(job, token, result, taken.mayTryAgain()));
    if (result.error === null || !taken.mayTryAgain()) await commands.forget(id);
  } finally {
    lock.release();
  }
}

/** What was sent before this worker took the job. Later commands come by themselves. */
async function carryOutPending({ job, commands, carryOut, log }: Given): Promise<void> {
  try {
    for (const sent of await commands.pendingFor(String(job.id))) carryOut(sent);
  } catch (error) {
    log.warn({ recordingId: job.id, reason: messageOf(error) }, 'commands sent earlier cannot be read');
  }
}

function takenJob(job: Job, stop: AbortSignal, publish: TakenJob['publish']): TakenJob {
  const attempt = job.attemptsMade + job.stalledCounter + 1;
  return {
    id: String(job.id),
    payload: job.data,
    attempt,
    // BullMQ hands a job that was lost too often out once more, for somebody to fail it.
    lostTooOften: job.deferredFailure ?? null,
    // Whoever asked for the end does not want another beginning.
    mayTryAgain: () => attempt < (job.opts.attempts ?? 1) && stop.reason !== 'stopped',
    stop,
    publish,
  };
}

/** Waits for room, runs the job, and gives the room up again. Resolves to null where the job is to be given back. */
async function runWithRoom(
  prepared: PreparedJob,
  { job, token, gate, told }: Given,
  stop: AbortController,
  placed: Signal,
): Promise<RecordingResult | null> {
  const id = String(job.id);
  try {
    const room = await awaitRoom({ id: token, cost: prepared.cost, gate, stop: stop.signal }, () => {
      if (!told.has(id)) prepared.tellWaiting();
      told.add(id);
    });
    if (room === 'given_back') return null;
    told.delete(id);
    placed.resolve();
    return await prepared.run();
  } finally {
    gate.release(token);
  }
}

/** Tells the queue, which tries the job again where it may. */
async function report(job: Job, token: string, result: RecordingResult, mayTryAgain: boolean): Promise<void> {
  let returned: RecordingResult;
  try {
    returned = jobOutcome(result, mayTryAgain);
  } catch (error) {
    await job.moveToFailed(error as Error, token, false);
    return;
  }
  await job.moveToCompleted(returned, token, false);
}

interface Signal {
  readonly promise: Promise<void>;
  resolve(): void;
}

function signal(): Signal {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
