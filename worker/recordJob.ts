import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { RecordingResult, RecordingWarning } from '../shared/events/recordingEvents.ts';
import { lookUpSecrets } from '../shared/request/lookUpSecrets.ts';
import { mayOpenTwice } from '../shared/request/mayOpenTwice.ts';
import {
  InvalidRequestError,
  type ParsedRequest,
  parseRecordingRequest,
} from '../shared/request/parseRecordingRequest.ts';
import { callCid, type RecordingRequest } from '../shared/request/recordingRequest.ts';
import type { LearnedCosts } from './admission/learnCosts.ts';
import { noteUsage } from './admission/noteUsage.ts';
import { costOf, kindOf, NO_COST } from './admission/recordingCost.ts';
import type { BrowserPool } from './browser/browserPool.ts';
import { withLiveKitToken } from './call/withLiveKitToken.ts';
import type { Deliveries } from './deliveries/openDeliveries.ts';
import type { EgressRules } from './egress/egressRules.ts';
import { guardedAgents } from './egress/guardedAgents.ts';
import { createPublisher, type EventListener } from './events/publishEvents.ts';
import type { Cost, JobToJudge, PreparedJob, TakenJob } from './job/takenJob.ts';
import type { Logger } from './log.ts';
import { type OpenCallAhead, openCallAhead } from './openCallAhead.ts';
import type { ChangeableLayout } from './page/layoutInUse.ts';
import { toldLayout } from './page/toldLayout.ts';
import { recordCall } from './recordCall.ts';
import { createJournal, type Journal, openPause } from './recording/journal.ts';
import { createLastPicture } from './recording/lastPicture.ts';
import type { RecordingManifest } from './recording/manifest.ts';
import { createPausing, type Pausing } from './recording/pausing.ts';
import { placesOf } from './recording/reachFiles.ts';
import { asRecordingError, messageOf, RecordingError } from './recordingError.ts';
import type { RecordKeeper } from './records/keepRecords.ts';
import { redactSecrets } from './redactSecrets.ts';
import type { SecretsOf } from './secrets/openSecrets.ts';
import { chooseStorage } from './storage/chooseStorage.ts';
import { refuseBadRecipients } from './storage/encryptedStorage.ts';
import { refuseForeignPlaces } from './storage/refuseForeignPlaces.ts';
import { storeWhileHeld } from './storage/storeWhileHeld.ts';
import { limitsFor } from './tenantLimits.ts';
import type { Allowance } from './tenants/endAtLimits.ts';
import type { TenantMinutes } from './tenants/tenantMinutes.ts';
import { forgetSound, keepMovie } from './transcripts/keptSound.ts';
import type { TranscriptQueue } from './transcripts/transcriptQueue.ts';
import { transcriptTaskOf } from './transcripts/transcriptTask.ts';
import { isLeft } from './watch/untilStopped.ts';
import type { WorkerConfig } from './workerConfig.ts';

/** What all jobs of a worker share. */
export interface JobDeps {
  readonly config: WorkerConfig;
  readonly browsers: BrowserPool;
  readonly layoutAppUrl: string;
  readonly egressRules: EgressRules;
  /** These hear every event of every recording at once. */
  readonly listeners: readonly EventListener[];
  readonly records: RecordKeeper;
  /** Looks up the secrets that jobs name. */
  readonly secretsOf: SecretsOf;
  /** What recordings were seen to cost. */
  readonly learned: LearnedCosts;
  /** What tenants have recorded this month. */
  readonly minutes: TenantMinutes;
  /** Takes the events of each recording to the job's webhook. */
  readonly deliveries: Deliveries;
  /** Takes the recordings whose transcripts are to be made. */
  readonly transcripts: Pick<TranscriptQueue, 'put' | 'kept'>;
  readonly log: Logger;
  /** Both in milliseconds: a clock that never jumps, and the wall clock. */
  readonly clock: { nowMs(): number; nowUnixMs(): number };
}

/** What a job costs where it runs. A job that cannot be read or tried once more, or is captured already, costs nothing. */
export function costOfJob(
  { id, payload, lostTooOften, manifest }: JobToJudge,
  { config, learned }: JobDeps,
): Cost {
  const request = readRequest({ id, payload });
  if (request instanceof RecordingError || lostTooOften !== null || manifest?.ended) return NO_COST;
  return learned.expected(kindOf(request), costOf(request, config.costScale));
}

/** On whose behalf a job is. One that cannot be read, or not tried once more, is for nobody: it ends at once. */
export function tenantOfJob({ id, payload, lostTooOften }: JobToJudge): string | null {
  const request = readRequest({ id, payload });
  return request instanceof RecordingError || lostTooOften !== null ? null : request.tenant;
}

/**
 * The story of a job: it is read once, waits until the machine can carry its cost, and is then recorded. A
 * job that cannot be read costs nothing and ends as failed. Its end is reported like any other.
 */
export function prepareJob(job: TakenJob, deps: JobDeps): PreparedJob {
  const request = readRequest(job);
  const known = { request: request instanceof RecordingError ? null : request };
  const journal = openJournal(job, known, deps);
  const lasting = lastingListeners(job, known.request, deps);
  const refusal = request instanceof RecordingError ? request : refusalOf(job);
  if (request instanceof RecordingError || refusal) {
    const run = async () => end(() => journal.end(failedWith(refusal as RecordingError)));
    return { tellWaiting: () => {}, run, ...lasting };
  }
  return {
    tellWaiting: () => journal.phase('queued'),
    run: () => end(() => recordRequest(job, request, known, journal, deps)),
    ...lasting,
  };

  async function end(work: () => RecordingResult | Promise<RecordingResult>): Promise<RecordingResult> {
    const result = await work();
    const { error, recording_id: recordingId } = result;
    if (error) deps.log.error({ recordingId, code: error.code, reason: error.message }, 'recording failed');
    deps.browsers.refill();
    // Nobody asks any more whether it is told here.
    if (job.stop.reason === 'taken_over') void deps.records.settled(job.id);
    return result;
  }
}

/** Opens the call of a job that another worker still records. */
export function openJobAhead(
  { id, payload, manifest }: JobToJudge,
  { onLayoutChange }: Pick<TakenJob, 'onLayoutChange'>,
  { config, browsers, layoutAppUrl, secretsOf, clock, log }: JobDeps,
): OpenCallAhead {
  const parsed = readRequest({ id, payload });
  const isUnreadable = parsed instanceof RecordingError;
  const identity = `recorder-${id}-${randomUUID()}`;
  const before = manifest as RecordingManifest;
  const request = isUnreadable
    ? Promise.reject(parsed)
    : withSecrets(parsed, { request: parsed }, { config, secretsOf }, identity).then((read) =>
        before.draws ? { ...read, videos: 'drawn' as const } : read,
      );
  const layout = request.then((read) => layoutOf({ id, onLayoutChange }, read, before, log));
  const call = { request, layout, mayOpenTwice: !isUnreadable && mayOpenTwice(parsed) };
  const usageLimits = usageLimitsOf(config);
  const deps = { browsers, layoutAppUrl, usageLimits, clock, log: log.child({ recordingId: id }) };
  return openCallAhead(call, before, deps);
}

/** A job that waits on the queue, where nobody has room for it. Nothing can be told of one that cannot be read. */
export function prepareWaitingJob(
  { id, payload }: Pick<TakenJob, 'id' | 'payload'>,
  publish: EventListener,
  deps: JobDeps,
): Pick<PreparedJob, 'tellWaiting' | 'hear'> {
  const request = readRequest({ id, payload });
  if (request instanceof RecordingError) return { tellWaiting: () => {}, hear: () => {} };
  const job = { id, attempt: 1, publish, mayTryAgain: () => false };
  const journal = openJournal(job, { request }, deps);
  return {
    tellWaiting: () => journal.phase('queued'),
    hear: lastingListeners({ id, payload }, request, deps).hear,
  };
}

/** Why a job is not run, although it can be read. What was recorded of it is finished, unless that was tried already. */
function refusalOf(job: TakenJob): RecordingError | null {
  const given = job.manifest.given as RecordingManifest | null;
  if (job.lostTooOften === null || (given !== null && given.ended === null)) return null;
  const kept = given ? `; what it recorded is kept at ${placesOf(given)}` : '';
  return new RecordingError('worker_lost', `${lostTooOften(job)}${kept}`);
}

function lostTooOften({ attempt, lostTooOften: reason }: TakenJob): string {
  return `${attempt - 1} workers that recorded this job were lost, so it is not tried again (${reason})`;
}

/** What a recording goes on from. One whose workers were lost too often has ended; only its files are completed. */
function manifestFor(job: TakenJob, nowUnixMs: number): RecordingManifest | null {
  const given = job.manifest.given as RecordingManifest | null;
  if (given === null || job.lostTooOften === null) return given;
  const error = { code: 'worker_lost', message: lostTooOften(job) } as const;
  return { ...given, ended: { reason: error.code, error, endedAtUnixMs: nowUnixMs, durationS: 0 } };
}

/** What a payload was read as, for as long as the queue's job is there: many ask of what a job costs and whose it is. */
const READ = new WeakMap<object, { readonly id: string; readonly as: ParsedRequest | RecordingError }>();

/** This is the only place where a job is read, and it is read once. Its secrets are looked up when it is recorded. */
function readRequest({ id, payload }: Pick<TakenJob, 'id' | 'payload'>): ParsedRequest | RecordingError {
  if (typeof payload !== 'object' || payload === null) return parseRequest(id, payload);
  const before = READ.get(payload);
  if (before?.id === id) return before.as;
  const as = parseRequest(id, payload);
  READ.set(payload, { id, as });
  return as;
}

function parseRequest(id: string, payload: unknown): ParsedRequest | RecordingError {
  try {
    return parseRecordingRequest(id, payload);
  } catch (error) {
    return asRequestError(error);
  }
}

async function recordRequest(
  job: TakenJob,
  given: ParsedRequest,
  known: Known,
  journal: Journal,
  { config, browsers, layoutAppUrl, egressRules, secretsOf, learned, minutes, clock, log }: JobDeps,
): Promise<RecordingResult> {
  try {
    const allowance = allowanceOf(given, { config, minutes, clock });
    if (job.manifest.given === null && !job.stop.aborted) await allowance.refuseIfUsedUp();
    const ahead = job.ahead as OpenCallAhead | null;
    const read = () => withSecrets(given, known, { config, secretsOf });
    const request = ahead ? await ahead.request.catch(read) : await read();
    known.request = request;
    await refuseForeignPlaces(request, config);
    await refuseBadRecipients(request.outputs.flatMap(({ recipients }) => recipients ?? []));
    const recordingsDir = resolve(config.recordingsDir);
    const lastPicture = createLastPicture();
    job.onPictureAsked(lastPicture.take);
    const before = (job.manifest.given ?? job.outOfReach) as RecordingManifest | null;
    if (job.outOfReach) journal.warn(beginsAnew(job, job.outOfReach as RecordingManifest));
    const recording = {
      browsers,
      layoutAppUrl,
      usageLimits: usageLimitsOf(config),
      egressRules,
      allowance,
      openStorage: async (output: Parameters<typeof chooseStorage>[0]) =>
        storeWhileHeld(
          await chooseStorage(output, recordingsDir, () => guardedAgents(egressRules)),
          job.confirmed,
        ),
      journal,
      attempt: job.attempt,
      log: log.child({ recordingId: job.id }),
      clock,
      layout: layoutOf(job, request, before, log),
      pausing: pausingOf(job),
      lastPicture,
      manifest: { given: manifestFor(job, clock.nowUnixMs()), save: job.manifest.save },
      ahead,
      lost: job.lost,
      captured: job.captured,
      uses: noteUsage(clock.nowMs, (cost) => {
        learned.note(kindOf(given), job.id, cost);
        job.costs(cost);
      }),
      handedOver: job.handedOver,
      keepMovie: (path: string) => keepMovie(recordingsDir, job.id, path),
    };
    const result = await recordCall(request, recording, job.stop);
    const isOurs = request.transcription !== null && !isLeft(result.end_reason);
    if (isOurs && result.transcript === null) await forgetSound(recordingsDir, job.id).catch(() => {}); // a later start of a worker does
    return result;
  } catch (error) {
    return journal.end(failedWith(asRequestError(error)));
  }
}

/** What the recording is told while it runs comes on top of what the job asked for. */
function layoutOf(
  { id, onLayoutChange }: Pick<TakenJob, 'id' | 'onLayoutChange'>,
  { layout }: RecordingRequest,
  before: RecordingManifest | null,
  log: Logger,
): ChangeableLayout {
  const refused = (error: unknown) =>
    log.warn({ recordingId: id, reason: messageOf(error) }, 'the layout stays as it is');
  return toldLayout(layout, { kept: before?.layout ?? null, onLayoutChange, refused });
}

/** One that was paused when its worker was lost is still paused, whatever Redis has forgotten. */
function pausingOf({ manifest, onPause }: TakenJob): Pausing {
  const given = manifest.given as RecordingManifest | null;
  const pausing = createPausing((given && openPause(given)?.mode) ?? null);
  onPause(pausing.set);
  return pausing;
}

function allowanceOf(
  { id, tenant }: ParsedRequest,
  { config, minutes, clock }: Pick<JobDeps, 'config' | 'minutes' | 'clock'>,
): Allowance {
  const { sizeBytes } = limitsFor(tenant, config.tenantLimits);
  return {
    sizeBytes,
    refuseIfUsedUp: () => minutes.refuseIfUsedUp(tenant, clock.nowUnixMs()),
    noteLength: (startedAtUnixMs, elapsedS) => minutes.note({ id, tenant, startedAtUnixMs, elapsedS }),
  };
}

function usageLimitsOf({ pageMemoryMiB, pageDiskMiB, pageCores }: WorkerConfig) {
  return { memoryMiB: pageMemoryMiB, diskMiB: pageDiskMiB, cores: pageCores };
}

/** The request with everything in it that the worker looks up or mints. What is secret is known before it is used. */
async function withSecrets(
  given: ParsedRequest,
  known: Known,
  { config, secretsOf }: Pick<JobDeps, 'config' | 'secretsOf'>,
  identity?: string,
): Promise<RecordingRequest> {
  const looked = await lookUpSecrets(given, secretsOf(given.tenant));
  known.request = looked;
  const request = await withLiveKitToken(looked, config, identity);
  known.request = request;
  return request;
}

function beginsAnew({ attempt }: TakenJob, before: RecordingManifest): RecordingWarning {
  const message = `The worker of attempt ${attempt - 1} was lost. What it recorded lies at ${placesOf(before)}, which cannot be reached from here, so a new file begins`;
  return { code: 'attempt_failed', message, at_s: null };
}

/** What is known of a job's request by now: what is looked up or minted later is a secret, too. */
interface Known {
  request: ParsedRequest | RecordingRequest | null;
}

/** What outlives this worker hears an event only after the queue has taken it from this worker. */
function lastingListeners(
  { id, payload }: Pick<TakenJob, 'id' | 'payload'>,
  request: Known['request'],
  { deliveries, records, transcripts, config }: JobDeps,
): Pick<PreparedJob, 'hear' | 'told'> {
  const target = request?.webhook ? { ...request.webhook, tenant: request.tenant } : null;
  const webhook = deliveries.listenerFor(target);
  return {
    hear: (event) => {
      webhook(event);
      records.publish(event);
      const task = transcriptTaskOf(event, payload, config.sealKey);
      if (task) transcripts.put(task);
    },
    told: () => Promise.all([deliveries.kept(), records.settled(id), transcripts.kept()]),
  };
}

/** The journal of a job, read by the queue and by all that listen on this worker. */
function openJournal(
  job: Pick<TakenJob, 'id' | 'attempt' | 'publish' | 'mayTryAgain'>,
  known: Known,
  deps: JobDeps,
): Journal {
  const { request } = known;
  const { clock, listeners, browsers, log } = deps;
  const refill: EventListener = ({ type }) => {
    if (type === 'call.recording_started') browsers.refill();
  };
  const of = {
    recordingId: job.id,
    callCid: request ? callCid(request.call) : '',
    sessionId: request?.call.sessionId ?? null,
    attempt: job.attempt,
    mayTryAgain: job.mayTryAgain,
    isTranscribed: request?.transcription != null,
    redact: (text: string) => (known.request ? redactSecrets(text, known.request) : text),
  };
  const hearers = [job.publish, refill, ...listeners];
  const publish = createPublisher(of, hearers, clock.nowUnixMs, log);
  return createJournal(of, publish, clock.nowUnixMs);
}

function asRequestError(error: unknown): RecordingError {
  return asRecordingError(error, error instanceof InvalidRequestError ? 'invalid_request' : 'internal');
}

function failedWith(error: RecordingError) {
  return { reason: error.code, files: [], error };
}
