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
  /** The worker waits for this delivery before it leaves; the job does not. */
  readonly waitForDelivery: (delivery: Promise<void>) => void;
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
  const known = { request: request instanceof RecordingError ? null : request };
  const { journal, settled } = openJournal(job, known, deps);
  if (request instanceof RecordingError || job.lostTooOften !== null) {
    const error = request instanceof RecordingError ? request : lostTooOften(job);
    return {
      cost: NO_COST,
      tellWaiting: () => {},
      run: async () => end(() => journal.end(failedWith(error))),
    };
  }
  return {
    cost: costOf(request, deps.config.costScale),
    tellWaiting: () => journal.phase('queued'),
    run: () => end(() => recordRequest(job, request, known, journal, deps)),
  };

  async function end(work: () => RecordingResult | Promise<RecordingResult>): Promise<RecordingResult> {
    const result = await work();
    const { error, recording_id: recordingId } = result;
    if (error) deps.log.error({ recordingId, code: error.code, reason: error.message }, 'recording failed');
    deps.browsers.refill();
    deps.waitForDelivery(settled());
    return result;
  }
}

function lostTooOften({ attempt, lostTooOften: reason }: TakenJob): RecordingError {
  return new RecordingError(
    'worker_lost',
    `${attempt - 1} workers that recorded this job were lost, so it is not tried again (${reason})`,
  );
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
  known: Known,
  journal: Journal,
  { config, browsers, layoutAppUrl, clock, log }: JobDeps,
): Promise<RecordingResult> {
  try {
    const request = await withLiveKitToken(given, config);
    known.request = request;
    const recordingsDir = resolve(config.recordingsDir);
    const recording = {
      browsers,
      layoutAppUrl,
      allowPrivateUrls: config.allowPrivateUrls,
      openStorage: (output: Parameters<typeof chooseStorage>[0]) => chooseStorage(output, recordingsDir),
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

/** What is known of a job's request by now: a token that is minted later is a secret, too. */
interface Known {
  request: RecordingRequest | null;
}

/** The journal of a job, read by the queue, the job's webhook and all that listen on this worker. */
function openJournal(job: TakenJob, known: Known, deps: JobDeps) {
  const { request } = known;
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
    mayTryAgain: job.mayTryAgain,
    redact: (text: string) => (known.request ? redactSecrets(text, known.request) : text),
  };
  const hearers = [job.publish, webhook.deliver, refill, ...listeners];
  const publish = createPublisher(of, hearers, clock.nowUnixMs, log);
  return { journal: createJournal(of, publish, clock.nowUnixMs), settled: webhook.settled };
}

function asRequestError(error: unknown): RecordingError {
  return asRecordingError(error, error instanceof InvalidRequestError ? 'invalid_request' : 'internal');
}

function failedWith(error: RecordingError) {
  return { reason: error.code, files: [], error };
}
