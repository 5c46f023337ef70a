import type { Redis } from 'ioredis';
import type { RecordingEvent, RecordingResult } from '../../shared/events/recordingEvents.ts';
import { createAdmission } from '../../worker/admission/admission.ts';
import { inOrder } from '../../worker/events/inOrder.ts';
import { consumeJobs } from '../../worker/job/consumeJobs.ts';
import type { LeaseTiming } from '../../worker/job/jobsOfWorker.ts';
import type { OnShutdown } from '../../worker/job/leaveQueue.ts';
import type { Seats, TakenJob } from '../../worker/job/takenJob.ts';
import { createLog } from '../../worker/log.ts';
import { buildResult } from '../../worker/recording/buildResult.ts';
import { keepRecords } from '../../worker/records/keepRecords.ts';
import { redisRecordStore } from '../../worker/records/redisRecordStore.ts';
import { tenantSeats } from '../../worker/tenants/tenantSeats.ts';

export type Failure = 'page_crashed' | 'invalid_request';

/** The cores of a fake worker's machine. */
export const CORES = 2;
/** Leases of tests live ten times as fast. */
const QUICK: LeaseTiming = { beatMs: 100, silentMs: 1_000, lookMs: 25, settleMs: 1_000, longWaitMs: 500 };

/** A worker on a real queue whose recordings last until they are told to end; what it took, in order. */
export interface FakeWorker {
  readonly started: TakenJob[];
  readonly waiting: string[];
  /** Events that were heard after the queue had them. */
  readonly heard: RecordingEvent[];
  /** Recordings of other workers whose calls it has opened, and those of them that were closed. */
  readonly opened: string[];
  readonly closed: string[];
  /** The changes of the layout that those calls were told. */
  readonly changes: unknown[];
  end(id: string, error?: Failure): void;
  /** What a recording that is told to stop ends with from now on. */
  failWhenStopped(error: Failure): void;
  close(): Promise<void>;
}

interface Options {
  readonly how?: OnShutdown;
  /** Limits of tenants; none unless given. */
  readonly seats?: Seats;
  /** 5 s unless given. */
  readonly graceMs?: number;
  readonly timing?: LeaseTiming;
  /** Ends each recording at once, or throws. */
  readonly run?: (job: TakenJob) => Promise<RecordingResult>;
  /** Whether its recordings get to their first picture; true unless given. */
  readonly begins?: boolean;
  /** Called when a recording starts, before it runs. */
  readonly onStart?: (id: string) => void;
  /** From where it reaches the files of other workers; here unless given. */
  readonly reach?: () => Promise<'here' | 'bucket' | 'parts' | null>;
  /** Resolves to whether a call that it opens ahead is ready; at once unless given. */
  readonly isReady?: () => Promise<boolean>;
  /** Resolves once everything heard is kept. */
  readonly told?: () => Promise<void>;
}

/** Jobs are `{ cores, tenant? }`; without `cores`, a tenth of one. A recording begins with a manifest, and ends with its final event. */
export async function startFakeWorker(
  redis: Redis,
  queueName: string,
  options: Options = {},
): Promise<FakeWorker> {
  const started: TakenJob[] = [];
  const waiting: string[] = [];
  const heard: RecordingEvent[] = [];
  const opened: string[] = [];
  const closed: string[] = [];
  const changes: unknown[] = [];
  const log = createLog(process.env.TEST_LOG ?? 'silent');
  const records = keepRecords(redisRecordStore(redis, queueName), (deliver) => inOrder(deliver, log), log);
  let whenStopped: Failure | undefined;
  const endings = new Map<string, (result: RecordingResult) => void>();
  const admission = createAdmission({ cores: CORES, memoryMiB: 1_000 }, () => ({
    idleCores: 100,
    availableMiB: 100_000,
  }));
  const gate = { ...admission, isOpen: () => admission.hasRoomFor({ cores: 1, memoryMiB: 1 }) };

  async function record(job: TakenJob): Promise<RecordingResult> {
    // A test may end it as soon as it has started.
    const ended = new Promise<RecordingResult>((resolve) => endings.set(job.id, resolve));
    if (options.begins ?? true) await job.manifest.save({ ended: null });
    job.publish(eventOf(job.id, { type: 'call.recording_phase', phase: 'recording' }));
    const stop = () => endings.get(job.id)?.(resultOf(job.id, whenStopped, job.stop.reason));
    if (job.stop.aborted) stop();
    job.stop.addEventListener('abort', stop);
    const result = await ended;
    const type = result.error ? 'call.recording_failed' : 'call.recording_ready';
    const isLeft = result.end_reason === 'handed_over' || result.end_reason === 'taken_over';
    if (!isLeft && !(result.error && job.mayTryAgain())) job.publish(eventOf(job.id, { type, result }));
    return result;
  }

  const consumer = await consumeJobs({
    ...{ redis, queueName, concurrency: 10, gate, records, log },
    seats: options.seats ?? tenantSeats(redis, queueName, new Map(), async () => false),
    runner: {
      costOf: ({ payload }) => ({ cores: (payload as { cores?: number }).cores ?? 0.1, memoryMiB: 1 }),
      tenantOf: ({ payload }) => (payload as { tenant?: string }).tenant ?? null,
      prepareWaiting: ({ id }, publish) => ({
        tellWaiting: () => publish(eventOf(id, { type: 'call.recording_phase', phase: 'queued' })),
        hear: (event) => {
          heard.push(event);
          records.publish(event);
        },
      }),
      reach: options.reach ?? (async () => 'here'),
      openAhead: ({ id }, { onLayoutChange }) => {
        onLayoutChange((change) => changes.push(change));
        opened.push(id);
        return {
          isReady: options.isReady?.() ?? Promise.resolve(true),
          close: async () => void closed.push(id),
        };
      },
      prepare: (job) => ({
        tellWaiting: () => waiting.push(job.id),
        hear: (event) => {
          heard.push(event);
          records.publish(event);
        },
        told: async () => {
          await records.settled(job.id);
          await options.told?.();
        },
        run: () => {
          started.push(job);
          options.onStart?.(job.id);
          return (options.run ?? record)(job);
        },
      }),
    },
    leaving: { how: options.how ?? 'end', graceMs: options.graceMs ?? 5_000 },
    timing: options.timing ?? QUICK,
    waitForJobS: 0.1,
  });
  return {
    started,
    waiting,
    heard,
    opened,
    closed,
    changes,
    failWhenStopped: (error) => {
      whenStopped = error;
    },
    end: (id, error) => endings.get(id)?.(resultOf(id, error)),
    close: () => consumer.close(),
  };
}

/** The result of a recording that stored nothing. */
export function resultOf(
  recordingId: string,
  code?: Failure,
  reason: RecordingResult['end_reason'] = 'stopped',
): RecordingResult {
  const file = { name: 'mp4', file: '/a.mp4', media_type: 'video/mp4', size_bytes: 1, duration_s: 1 };
  return buildResult({
    recordingId,
    callCid: 'default:a',
    sessionId: null,
    attempt: 1,
    reason: code ?? reason,
    error: code ? { code, message: 'as told' } : null,
    start: null,
    files: [{ ...file, frames: 30, dropped_frames: 0, error: null }],
    warnings: [],
    decodedS: 0,
    gaps: [],
    pauses: [],
    endedAtUnixMs: 0,
  });
}

/** An event of a recording, with what every event has. */
export function eventOf(recordingId: string, body: object): RecordingEvent {
  const base = { recording_id: recordingId, call_cid: 'default:a', created_at: new Date().toISOString() };
  return { ...base, ...body } as RecordingEvent;
}
