import type { Job } from 'bullmq';
import pRetry from 'p-retry';
import type { RecordingEvent, RecordingResult } from '../../shared/events/recordingEvents.ts';
import { inOrder } from '../events/inOrder.ts';
import { messageOf } from '../recordingError.ts';
import { awaitRoom } from './awaitRoom.ts';
import { jobOutcome } from './jobOutcome.ts';
import type { HeldJob, JobsOfWorker } from './jobsOfWorker.ts';
import { lossesOf, lostTooOften } from './lossesOf.ts';
import type { JobToJudge, TakenJob } from './takenJob.ts';

/** A job that this worker has taken. None of the promises rejects. */
export interface JobRun {
  readonly id: string;
  /** Its reason is the end reason. */
  readonly stop: AbortController;
  /** Resolves once the job has its room, or is over. */
  readonly placed: Promise<void>;
  /** Whether it has, or waits for, room of the machine. Its delivery needs none. */
  needsRoom(): boolean;
  /** Whether another worker could go on with it. */
  hasManifest(): boolean;
  /** Resolves once nothing of the recording can be lost any more. */
  readonly stored: Promise<void>;
  /** Resolves once the queue knows what became of the job. */
  readonly done: Promise<void>;
  /** Leaves it to another worker, because this process ends now. */
  abandon(): Promise<void>;
}

interface Steps {
  readonly placed: Signal;
  readonly captured: Signal;
  readonly stored: Signal;
  hasManifest: boolean;
}

/** Starts a job that this worker holds, and brings it to the point where the queue knows what became of it. */
export function startJob(shared: JobsOfWorker, mine: HeldJob): JobRun {
  const id = String(mine.job.id);
  const stop = new AbortController();
  const steps: Steps = {
    placed: signal(),
    captured: signal(),
    stored: signal(),
    hasManifest: mine.manifest !== null,
  };
  const { lost } = mine.held;
  lost.addEventListener('abort', () => stop.abort('taken_over'));
  const done = runJob(shared, mine, stop, steps)
    .catch((error) =>
      shared.log.error({ err: error, recordingId: id }, 'the job could not be brought to its end'),
    )
    .finally(async () => {
      for (const step of [steps.placed, steps.captured, steps.stored]) step.resolve();
      await mine.held.leave(false);
    });
  return {
    id,
    stop,
    placed: steps.placed.promise,
    needsRoom: () => !steps.captured.isResolved(),
    hasManifest: () => steps.hasManifest,
    stored: steps.stored.promise,
    done,
    abandon: () => mine.held.leave(false),
  };
}

async function runJob(
  shared: JobsOfWorker,
  mine: HeldJob,
  stop: AbortController,
  steps: Steps,
): Promise<void> {
  const { job, held, fields } = mine;
  const id = String(job.id);
  const told = fields.final === undefined ? await toldEarlier(shared, mine) : resultIn(fields.final);
  // Somebody has told the result already and was lost before the queue knew: nothing is told twice.
  if (told !== null) return endJob(shared, mine, told, false);

  await carryOutPending(shared, id);
  const events = inOrder((event) => held.publish(event, 'result' in event), shared.log);
  const taken = takenJob(shared, mine, stop.signal, steps, events.publish);
  const result = await runWithRoom(shared, mine, taken, stop, steps);
  steps.stored.resolve();
  if (held.lost.aborted) return; // the job is another worker's now
  if (result === null || (result.end_reason === 'handed_over' && !steps.hasManifest)) return giveBack(mine);
  await events.settled();
  await shared.records.settled(id);
  if (result.end_reason === 'handed_over') return held.leave(true);
  await endJob(shared, mine, result, taken.mayTryAgain());
}

/** The result of a recording of the same id that is complete: a second start does not record it again. */
async function toldEarlier({ records }: JobsOfWorker, { job }: HeldJob): Promise<RecordingResult | null> {
  return job.attemptsMade + job.stalledCounter > 0 ? null : records.completed(String(job.id));
}

function resultIn(event: string): RecordingResult {
  return (JSON.parse(event) as Extract<RecordingEvent, { result: unknown }>).result;
}

/** What was sent before this worker took the job. Later commands come by themselves. */
async function carryOutPending({ commands, carryOut, log }: JobsOfWorker, id: string): Promise<void> {
  try {
    for (const sent of await commands.pendingFor(id)) carryOut(sent);
  } catch (error) {
    log.warn({ recordingId: id, reason: messageOf(error) }, 'commands sent earlier cannot be read');
  }
}

/** What decides whether a job can run: the same for a job that was just taken and for one that others had. */
export function jobToJudge({
  job,
  fields,
  manifest,
}: Pick<HeldJob, 'job' | 'fields' | 'manifest'>): JobToJudge {
  const tooOften = lostTooOften(lossesOf(fields), job.stalledCounter, Date.now());
  return { id: String(job.id), payload: job.data, lostTooOften: tooOften, manifest };
}

function takenJob(
  { gate }: JobsOfWorker,
  mine: HeldJob,
  stop: AbortSignal,
  steps: Steps,
  publish: TakenJob['publish'],
): TakenJob {
  const { job, held, token } = mine;
  const attempt = job.attemptsMade + job.stalledCounter + 1;
  const { id, payload, lostTooOften } = jobToJudge(mine);
  return {
    id,
    payload,
    attempt,
    lostTooOften,
    // Whoever asked for the end does not want another beginning.
    mayTryAgain: () => attempt < (job.opts.attempts ?? 1) && stop.reason !== 'stopped',
    stop,
    publish,
    manifest: {
      given: mine.manifest,
      save: async (manifest) => {
        steps.hasManifest = true;
        await held.saveManifest(manifest);
      },
    },
    captured: () => {
      gate.release(token);
      steps.captured.resolve();
    },
    confirmed: held.confirmed,
  };
}

/** Waits for room, runs the job, and gives the room up again. Resolves to null where the job is to be given back. */
async function runWithRoom(
  { gate, told, runner, store }: JobsOfWorker,
  mine: HeldJob,
  taken: TakenJob,
  stop: AbortController,
  steps: Steps,
): Promise<RecordingResult | null> {
  const { token: id, held } = mine;
  try {
    const prepared = runner.prepare(taken);
    const waiting = { id, cost: runner.costOf(jobToJudge(mine)), gate, held, stop: stop.signal };
    const room = mine.hasRoom
      ? 'admitted'
      : await awaitRoom(waiting, () => {
          if (!told.has(taken.id)) prepared.tellWaiting();
          told.add(taken.id);
        });
    if (room === 'given_back' || room === 'lost') return null;
    told.delete(taken.id);
    steps.placed.resolve();
    await store.forgetPasses(taken.id);
    return await prepared.run();
  } finally {
    gate.release(id);
  }
}

/** Puts the job back at the head of the queue. */
async function giveBack({ job, held, token }: HeldJob): Promise<void> {
  if (held.lost.aborted) return;
  await held.stopBeating();
  await job.moveToWait(token);
  await held.end();
}

/** Tells the queue, which tries the job again where it may, and forgets what the job no longer needs. */
async function endJob(
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
  await pRetry(report, { retries: 10, maxTimeout: 30_000 });
  if (held.lost.aborted) return;
  await held.end();
  if (result.error === null || !mayTryAgain) await commands.forget(id);
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

interface Signal {
  readonly promise: Promise<void>;
  isResolved(): boolean;
  resolve(): void;
}

function signal(): Signal {
  let resolvePromise: () => void = () => {};
  let isResolved = false;
  const promise = new Promise<void>((done) => {
    resolvePromise = done;
  });
  return {
    promise,
    isResolved: () => isResolved,
    resolve: () => {
      isResolved = true;
      resolvePromise();
    },
  };
}
