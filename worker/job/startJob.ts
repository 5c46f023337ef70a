import { setTimeout as wait } from 'node:timers/promises';
import type { RecordingEvent, RecordingResult } from '../../shared/events/recordingEvents.ts';
import type { SentCommand } from '../control/commandStream.ts';
import { inOrder } from '../events/inOrder.ts';
import { messageOf } from '../recordingError.ts';
import { awaitRoom } from './awaitRoom.ts';
import { awaitSuccessor, type Patience } from './awaitSuccessor.ts';
import { endJob, giveBack } from './endJob.ts';
import type { HeldJob, JobsOfWorker } from './jobsOfWorker.ts';
import { jobToJudge } from './judgeJob.ts';
import { putAside, takeSeat } from './seatOfJob.ts';
import { sentEarlier } from './sentEarlier.ts';
import { type Signal, signal } from './signal.ts';
import type { PreparedJob, TakenJob } from './takenJob.ts';
import { createToldJob, type ToldJob } from './toldJob.ts';

/** A job that this worker has taken. None of the promises rejects. */
export interface JobRun {
  readonly id: string;
  /** Its reason is the end reason. */
  readonly stop: AbortController;
  /** Carries out a command that was sent to the recording. */
  tell(sent: SentCommand): void;
  /** The picture of now as a JPEG; null where there is none. */
  picture(): Promise<Uint8Array | null>;
  /** Resolves once the job has its room, or is over. */
  readonly placed: Promise<void>;
  /** Whether it was put aside, because its tenant records as many calls as it may. */
  isPutAside(): boolean;
  /** Whether it has, or waits for, room of the machine. Its delivery needs none. */
  needsRoom(): boolean;
  /** Whether anything is recorded, so that another worker could go on with it. */
  hasManifest(): boolean;
  /** Resolves once nothing of the recording can be lost any more. */
  readonly stored: Promise<void>;
  /** Resolves once the queue knows what became of the job, or it is abandoned. */
  readonly done: Promise<void>;
  /**
   * Records on until another worker is ready to go on with it, as far as the patience goes, and leaves it then. Where no
   * other worker has room for it in time, it is left for this reason.
   */
  handOver(given: HandOver): Promise<void>;
  /** Leaves it to another worker, because this process ends now. */
  abandon(): Promise<void>;
}

/** A Redis that does not answer by then cannot help with handing over either. */
const NO_ANSWER_MS = 300;

export interface HandOver {
  readonly patience: Patience;
  /** Whether another worker runs that may go on with the recording, now. */
  readonly isAnyoneThere: () => Promise<boolean>;
  readonly otherwise: 'handed_over' | 'worker_shutdown';
}

interface Steps extends Omit<ToldJob, 'tell'> {
  readonly placed: Signal;
  readonly captured: Signal;
  readonly stored: Signal;
  picture: () => Promise<Uint8Array | null>;
  hasManifest: boolean;
  isPutAside: boolean;
}

/** Starts a job that this worker holds, and brings it to the point where the queue knows what became of it. */
export function startJob(shared: JobsOfWorker, mine: HeldJob): JobRun {
  const id = String(mine.job.id);
  const { tell, ...told } = createToldJob();
  const steps: Steps = {
    ...told,
    placed: signal(),
    captured: signal(),
    stored: signal(),
    picture: async () => null,
    hasManifest: mine.manifest !== null,
    isPutAside: false,
  };
  const { held } = mine;
  const abandoned = signal();
  held.lost.addEventListener('abort', () => steps.stop.abort('taken_over'));
  const done = runJob(shared, mine, steps)
    .catch((error) =>
      shared.log.error({ err: error, recordingId: id }, 'the job could not be brought to its end'),
    )
    .finally(async () => {
      shared.gate.release(mine.token); // one that had nothing left to record has not given it up yet
      for (const step of [steps.placed, steps.captured, steps.stored]) step.resolve();
      await held.leave(false);
      await mine.ahead?.close();
    });
  return {
    id,
    stop: steps.stop,
    tell,
    picture: () => steps.picture(),
    placed: steps.placed.promise,
    isPutAside: () => steps.isPutAside,
    needsRoom: () => !steps.captured.isResolved(),
    hasManifest: () => steps.hasManifest,
    stored: steps.stored.promise,
    done: Promise.race([done, abandoned.promise]),
    handOver: (given) => handOver(shared, mine, steps, given),
    abandon: async () => {
      await held.leave(false);
      abandoned.resolve();
    },
  };
}

/** Another worker that had room may have left, or been lost, before it was ready: then it is asked whether any is there. */
async function handOver(
  shared: JobsOfWorker,
  { job, held }: HeldJob,
  { captured, stop }: Steps,
  { patience, otherwise, isAnyoneThere }: HandOver,
): Promise<void> {
  const id = String(job.id);
  const isOver = () => captured.isResolved() || stop.signal.aborted;
  const successorship = awaitSuccessor(shared, { id, held, patience, isOver }).catch((error) => {
    shared.log.warn({ recordingId: id, reason: messageOf(error) }, 'nobody is waited for to go on');
    return 'nobody' as const;
  });
  const noAnswer = wait(patience.limitMs + NO_ANSWER_MS, undefined, { ref: false });
  const none = Promise.race([captured.promise, noAnswer]).then(() => 'nobody' as const);
  const found = await Promise.race([successorship, none]);
  const goesOn = found === 'ready' || (found === 'late' && !isOver() && (await isAnyoneThere()));
  if (isOver()) return held.stay();
  if (!goesOn && otherwise !== 'handed_over') held.stay();
  stop.abort(goesOn ? 'handed_over' : otherwise);
}

async function runJob(shared: JobsOfWorker, mine: HeldJob, steps: Steps): Promise<void> {
  const { held } = mine;
  const publish = async (event: RecordingEvent) => {
    // A worker that has lost the recording tells nobody.
    if (await held.publish(event, 'result' in event)) prepared.hear(event);
  };
  const events = inOrder(publish, shared.log);
  const taken = takenJob(shared, mine, steps, events.publish);
  const prepared = shared.runner.prepare(taken);
  const told = await toldEarlier(shared, mine, prepared);
  if (told !== null) return endJob(shared, mine, told, false);

  steps.tellSentEarlier(await sentEarlier(shared, taken.id));
  if (!(await takeSeat(shared, mine, steps.stop.signal))) {
    steps.isPutAside = true;
    return putAside(shared, mine, prepared.tellWaiting, events.settled);
  }
  const result = await runWithRoom(shared, mine, prepared, steps);
  steps.stored.resolve();
  if (held.lost.aborted) return; // the job is another worker's now
  const isBegun = steps.hasManifest || result?.end_reason !== 'handed_over';
  if (result === null || !isBegun) {
    await events.settled();
    return giveBack(mine);
  }
  await events.settled();
  // The queue may forget the job only after its final event is kept: until then, another worker would tell it.
  await prepared.told();
  if (result.end_reason === 'handed_over') return held.leave(true); // if that has not been done yet
  await endJob(shared, mine, result, taken.mayTryAgain());
}

/**
 * The result of a job that needs no recording: a worker before has told it and was lost before the queue knew, or this
 * is a second start of a recording that is complete. Resolves to null for every other job.
 */
async function toldEarlier(
  { records }: JobsOfWorker,
  { job, fields, manifest }: HeldJob,
  prepared: PreparedJob,
): Promise<RecordingResult | null> {
  if (fields.final === undefined) return manifest === null ? records.completed(String(job.id)) : null;
  const event = JSON.parse(fields.final) as Extract<RecordingEvent, { result: unknown }>;
  // The queue has the event; whoever else listens may not have heard it.
  prepared.hear(event);
  await prepared.told();
  return event.result;
}

function takenJob(
  { gate, seats, runner, log }: JobsOfWorker,
  mine: HeldJob,
  steps: Steps,
  publish: TakenJob['publish'],
): TakenJob {
  const { job, held, token } = mine;
  const { id, payload, lostTooOften } = jobToJudge(mine);
  const { signal: stop } = steps.stop;
  const attempt = job.attemptsMade + job.stalledCounter + 1;
  // The queue must do what the recording was told, even if a stop comes between the two.
  let mayTryAgain: boolean | null = null;
  const save: TakenJob['manifest']['save'] = async (manifest) => {
    steps.hasManifest = true;
    await held.saveManifest(manifest, manifest.ended !== null); // whoever waits for the files waits for this
  };
  return {
    ...{ id, payload, attempt, lostTooOften, stop, lost: held.lost, publish },
    // Whoever asked for the end does not want another beginning.
    mayTryAgain: () => {
      mayTryAgain ??= attempt < (job.opts.attempts ?? 1) && stop.reason !== 'stopped';
      return mayTryAgain;
    },
    onLayoutChange: steps.onLayoutChange,
    onPause: steps.onPause,
    onPictureAsked: (take) => {
      steps.picture = take;
    },
    manifest: { given: mine.manifest, save },
    outOfReach: mine.outOfReach,
    ahead: mine.ahead,
    captured: (isLeft) => {
      if (!isLeft) held.stay(); // whoever has opened the call for it may close it
      gate.release(token);
      // A delivery may take hours. Where this fails, the seat is free when the lease ends.
      if (!isLeft)
        seats
          .leave(id, runner.tenantOf(jobToJudge(mine)))
          .catch((error) => log.warn({ recordingId: id, reason: messageOf(error) }, 'the seat is kept'));
      steps.captured.resolve();
      void mine.ahead?.close(); // if the recording was over before it was needed
    },
    costs: (cost) => gate.rebook(token, cost),
    handedOver: () => void held.leave(true),
    confirmed: held.confirmed,
  };
}

/** Waits for room, runs the job, and gives the room up again. Resolves to null where the job is to be given back. */
async function runWithRoom(
  { gate, told, runner, store }: JobsOfWorker,
  mine: HeldJob,
  prepared: PreparedJob,
  steps: Steps,
): Promise<RecordingResult | null> {
  const { token, held } = mine;
  const judged = jobToJudge(mine);
  const waiting = { id: token, cost: runner.costOf(judged), gate, held, stop: steps.stop.signal };
  const tellWaiting = () => {
    if (!told.has(judged.id)) prepared.tellWaiting();
    told.add(judged.id);
  };
  try {
    const room = mine.hasRoom ? 'admitted' : await awaitRoom(waiting, tellWaiting);
    if (room !== 'given_back') told.delete(judged.id);
    if (room === 'given_back' || room === 'lost') return null;
    steps.placed.resolve();
    await store.forgetPasses(judged.id);
    return await prepared.run();
  } finally {
    gate.release(token);
  }
}
