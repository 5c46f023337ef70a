import { resolve } from 'node:path';
import type { RecordingResult } from '../shared/events/recordingEvents.ts';
import { InvalidRequestError, parseRecordingRequest } from '../shared/request/parseRecordingRequest.ts';
import { callCid, type RecordingRequest } from '../shared/request/recordingRequest.ts';
import { costOf, NO_COST } from './admission/recordingCost.ts';
import type { BrowserPool } from './browser/browserPool.ts';
import { withLiveKitToken } from './call/withLiveKitToken.ts';
import { createPublisher, type EventListener } from './events/publishEvents.ts';
import { createWebhook } from './events/webhook.ts';
import type { PreparedJob, TakenJob } from './job/takenJob.ts';
import type { Logger } from './log.ts';
import { recordCall } from './recordCall.ts';
import { createJournal, type Journal } from './recording/journal.ts';
import { asRecordingError, RecordingError } from './recordingError.ts';
import { redactSecrets } from './redactSecrets.ts';
import { chooseStorage } from './storage/chooseStorage.ts';
import type { WorkerConfig } from './workerConfig.ts';

/** What all jobs of a worker share. */
export interface JobDeps {
  readonly config: WorkerConfig;
  readonly browsers: BrowserPool;
  readonly layoutAppUrl: string;
  /** These hear every event of every recording. */
  readonly listeners: readonly EventListener[];
  /** Takes the promise of deliveries that are still under way when a job is over. */
  readonly deliverLater: (delivery: Promise<void>) => void;
  readonly log: Logger;
  /** Both in milliseconds: a clock that never jumps, and the wall clock. */
  readonly clock: { nowMs(): number; nowUnixMs(): number };
}

/**
 * The story of a job: it is read once, waits until the machine can carry its cost, and is then recorded. A
 * job that cannot be read costs nothing and ends as failed. Its end is reported like any other.
 */
export function prepareJob(job: TakenJob, deps: JobDeps): PreparedJob {
  const request = readRequest(job);
  if (request instanceof RecordingError) {
    const { journal } = openJournal(job, null, deps);
    return { cost: NO_COST, tellWaiting: () => {}, run: async () => journal.end(failedWith(request)) };
  }
  const { journal, settled } = openJournal(job, request, deps);
  return {
    cost: costOf(request, deps.config.costScale),
    tellWaiting: () => journal.phase('queued'),
    run: async () => {
      const result = await recordRequest(job, request, journal, deps);
      deps.browsers.refill();
      deps.deliverLater(settled());
      return result;
    },
  };
}

/** This is the only place where a job is read. */
function readRequest({ id, payload }: TakenJob): RecordingRequest | RecordingError {
  try {
    return parseRecordingRequest(id, payload);
  } catch (error) {
    return asRequestError(error);
  }
}

async function recordRequest(
  job: TakenJob,
  given: RecordingRequest,
  journal: Journal,
  { config, browsers, layoutAppUrl, clock, log }: JobDeps,
): Promise<RecordingResult> {
  try {
    const request = await withLiveKitToken(given, config);
    const recordingsDir = resolve(config.recordingsDir);
    const recording = {
      browsers,
      layoutAppUrl,
      allowPrivateUrls: config.allowPrivateUrls,
      openStorage: (target: Parameters<typeof chooseStorage>[0]) => chooseStorage(target, recordingsDir),
      journal,
      attempt: job.attempt,
      log: log.child({ recordingId: job.id }),
      clock,
    };
    return await recordCall(request, recording, job.stop);
  } catch (error) {
    return journal.end(failedWith(asRequestError(error)));
  }
}

/**
 * The journal of a job. Its events go to the queue, to the job's webhook and to all listeners on this worker.
 */
function openJournal(job: TakenJob, request: RecordingRequest | null, deps: JobDeps) {
  const { clock, listeners, browsers, log } = deps;
  const webhook = createWebhook(request?.webhook ?? null, log.child({ recordingId: job.id }));
  const refill: EventListener = ({ type }) => {
    if (type === 'call.recording_started') browsers.refill();
  };
  const of = {
    recordingId: job.id,
    callCid: request ? callCid(request.call) : '',
    sessionId: request?.call.sessionId ?? null,
    attempt: job.attempt,
    hasMoreAttempts: job.hasMoreAttempts,
    redact: (text: string) => (request ? redactSecrets(text, request) : text),
  };
  const hearers = [job.publish, webhook.deliver, refill, ...listeners];
  const publish = createPublisher(of, hearers, clock.nowUnixMs);
  return { journal: createJournal(of, publish, clock.nowUnixMs), settled: webhook.settled };
}

function asRequestError(error: unknown): RecordingError {
  return asRecordingError(error, error instanceof InvalidRequestError ? 'invalid_request' : 'internal');
}

function failedWith(error: RecordingError) {
  return { reason: error.code, files: [], error };
}
