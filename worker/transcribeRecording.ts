import { basename, isAbsolute, resolve } from 'node:path';
import type { RecordedTranscript, TranscriptFile } from '../shared/events/recordingEvents.ts';
import { lookUpSecrets } from '../shared/request/lookUpSecrets.ts';
import { parseRecordingRequest } from '../shared/request/parseRecordingRequest.ts';
import type { OutputRequest, RecordingRequest } from '../shared/request/recordingRequest.ts';
import { isHttpAddress } from '../shared/storages/presignedStorageTarget.ts';
import type { Deliveries } from './deliveries/openDeliveries.ts';
import type { EgressRules } from './egress/egressRules.ts';
import { type GuardedAgents, guardedAgents } from './egress/guardedAgents.ts';
import { createPublisher, type PublishEvent } from './events/publishEvents.ts';
import type { Logger } from './log.ts';
import { messageOf } from './recordingError.ts';
import type { RecordKeeper } from './records/keepRecords.ts';
import { redactSecrets } from './redactSecrets.ts';
import type { SecretsOf } from './secrets/openSecrets.ts';
import { chooseStorage } from './storage/chooseStorage.ts';
import { objectKey } from './storage/objectKey.ts';
import { refuseForeignPlaces } from './storage/refuseForeignPlaces.ts';
import { storedFiles } from './storage/storedFiles.ts';
import { fetchMovie } from './transcripts/fetchMovie.ts';
import { findSound } from './transcripts/findSound.ts';
import { hearSound } from './transcripts/hearSound.ts';
import { forgetSound, soundPlaces } from './transcripts/keptSound.ts';
import { storeTranscript } from './transcripts/storeTranscript.ts';
import { TranscriptError } from './transcripts/transcriptError.ts';
import type { Outcome, Try } from './transcripts/transcriptQueue.ts';
import { jobOfTask, type TranscriptTask } from './transcripts/transcriptTask.ts';
import type { WorkerConfig } from './workerConfig.ts';

/** Longer than services are down, and long enough for a person to put right what is wrong with the settings of one. */
const GIVE_UP_AFTER_MS = 24 * 60 * 60_000;

/** A worker that has the sound takes the task sooner than this, if it takes any. */
const FETCH_BACK_AFTER_MS = 5 * 60_000;
/** How long the link to a stored recording works, in seconds; it is used at once. */
const LINK_S = 60 * 60;

/** What all transcripts of a worker share. */
export interface TranscriptDeps {
  readonly config: WorkerConfig;
  readonly egressRules: Pick<EgressRules, 'resolve'>;
  readonly secretsOf: SecretsOf;
  readonly records: RecordKeeper;
  readonly deliveries: Deliveries;
  /** Whether the recording was deleted, so that nobody wants its transcript. */
  readonly isDropped: (recordingId: string) => Promise<boolean>;
  readonly nowUnixMs: () => number;
  readonly log: Logger;
  /** After this time, a recording whose sound nobody has is read back from its bucket; 5 min unless given. */
  readonly fetchBackAfterMs?: number;
}

/**
 * The story of a transcript: the sound of a stored recording goes to a service, and what the service writes down is stored
 * beside the recording. Whatever fails is tried again for a day; the recording has been told to be ready long before.
 */
export async function transcribeRecording(
  task: TranscriptTask,
  given: Try,
  deps: TranscriptDeps,
): Promise<Outcome> {
  const { recordingId } = task;
  const { config, log } = deps;
  const recordingsDir = resolve(config.recordingsDir);
  const known: { request: RecordingRequest | null } = { request: null };
  const tell = telling(task, known, deps);
  try {
    if (await deps.isDropped(recordingId)) return await over(task, deps);
    const request = await requestOf(task, deps);
    known.request = request;
    const places = soundPlaces(recordingsDir, recordingId);
    const findHere = () => findSound(places, readablePathOf(task, request));
    const agents = guardedAgents(deps.egressRules);
    const soundPath =
      (await findHere()) ??
      ((await fetchBack(task, request, given, { agents, deps })) ? await findHere() : null);
    if (soundPath === null) return elsewhere(given);
    if (given.failures === 0) await tell('call.transcription_started', NOTHING_YET);
    const access = {
      service: serviceOf(request),
      agents,
      cancel: given.cancel,
    };
    const transcript = await hearSound(soundPath, places.answersPath, access);
    if (await deps.isDropped(recordingId)) return await over(task, deps);
    const storage = await openStorage(task, request, deps);
    const remove = (files: readonly TranscriptFile[]) => removeStored(files, task, request, { agents, deps });
    const files = await storeTranscript(storage, nameOf(task, request), transcript, remove);
    // Whoever has deleted the recording meanwhile knew of no files of a transcript.
    if (await deps.isDropped(recordingId)) {
      await remove(files);
      return await over(task, deps);
    }
    const { language } = transcript;
    await tell('call.transcription_ready', { ...NOTHING_YET, status: 'ready', files, language });
    return await over(task, deps);
  } catch (error) {
    if (given.cancel.aborted) return 'later';
    const reason = known.request ? redactSecrets(messageOf(error), known.request) : messageOf(error);
    const isFinal = (error instanceof TranscriptError && error.isFinal) || given.ageMs > GIVE_UP_AFTER_MS;
    const facts = { recordingId, failures: given.failures + 1, reason };
    if (!isFinal) {
      log.warn(facts, 'a transcript could not be made; it is tried again');
      if (given.failures === 0) await tell('call.transcription_delayed', { ...NOTHING_YET, error: reason });
      return 'later';
    }
    log.error(facts, 'a transcript could not be made');
    await tell('call.transcription_failed', { ...NOTHING_YET, status: 'failed', error: reason });
    return over(task, deps);
  }
}

const NOTHING_YET: RecordedTranscript = { status: 'waiting', files: [], language: null, error: null };

async function over({ recordingId }: TranscriptTask, { config }: TranscriptDeps): Promise<Outcome> {
  await forgetSound(resolve(config.recordingsDir), recordingId);
  return 'done';
}

function elsewhere({ ageMs }: Try): Outcome {
  if (ageMs <= GIVE_UP_AFTER_MS) return 'elsewhere';
  throw new TranscriptError(
    'the machine that has the sound of the recording did not come back within a day',
    true,
  );
}

async function requestOf(
  task: TranscriptTask,
  { config, secretsOf }: TranscriptDeps,
): Promise<RecordingRequest> {
  const parsed = parseRecordingRequest(task.recordingId, jobOfTask(task, config.sealKey));
  return lookUpSecrets(parsed, secretsOf(parsed.tenant));
}

function serviceOf({ transcription }: RecordingRequest): NonNullable<RecordingRequest['transcription']> {
  if (transcription === null) throw new TranscriptError('the job asks for no transcript', true);
  return transcription;
}

function outputOf({ output }: TranscriptTask, { outputs }: RecordingRequest): OutputRequest {
  return outputs.find(({ name }) => name === output) ?? (outputs[0] as OutputRequest);
}

/** The stored file, where it is one of a folder and can be read. */
function readablePathOf(task: TranscriptTask, request: RecordingRequest): string | null {
  const isReadable = isAbsolute(task.location) && outputOf(task, request).recipients === null;
  return isReadable ? task.location : null;
}

/**
 * Reads the recording back from its bucket, where nobody had its sound for a while: its machine must have been lost. Resolves
 * to whether that can be done; what is encrypted can be read by nobody here.
 */
async function fetchBack(
  task: TranscriptTask,
  request: RecordingRequest,
  { ageMs, cancel }: Try,
  { agents, deps }: { readonly agents: GuardedAgents; readonly deps: TranscriptDeps },
): Promise<boolean> {
  const { recordingId, location } = task;
  const { storage, recipients } = outputOf(task, request);
  const isLost = ageMs > (deps.fetchBackAfterMs ?? FETCH_BACK_AFTER_MS);
  if (!isLost || recipients !== null || storage === null) return false;
  if (storage.kind === 'local' || storage.kind === 'presigned') return false;
  const { moviePath } = soundPlaces(resolve(deps.config.recordingsDir), recordingId);
  const files = storedFiles([], agents);
  if (!files.isInStore(location)) return false;
  await fetchMovie(await files.presign(storage, location, LINK_S), moviePath, { agents, cancel });
  return true;
}

/** The transcript lies beside the recording, encrypted for the same people, unless the job names another place. */
async function openStorage(
  task: TranscriptTask,
  request: RecordingRequest,
  { config, egressRules }: TranscriptDeps,
) {
  await refuseForeignPlaces(request, config);
  const { storage, backup, recipients } = outputOf(task, request);
  const own = request.transcription?.storage ?? null;
  const chosen = own === null ? { storage, backup, recipients } : { storage: own, backup: null, recipients };
  return chooseStorage(chosen, resolve(config.recordingsDir), () => guardedAgents(egressRules));
}

/** Removes what was stored. Where that cannot be done, the log says what is left. */
async function removeStored(
  files: readonly TranscriptFile[],
  task: TranscriptTask,
  request: RecordingRequest,
  { agents, deps }: { readonly agents: GuardedAgents; readonly deps: TranscriptDeps },
): Promise<void> {
  const { recordingsDir, localDirs } = deps.config;
  const storage = request.transcription?.storage ?? outputOf(task, request).storage;
  const bucket =
    storage === null || storage.kind === 'local' || storage.kind === 'presigned' ? null : storage;
  const stored = storedFiles(
    [recordingsDir, ...localDirs].map((folder) => resolve(folder)),
    agents,
  );
  for (const { file } of files)
    await stored.remove(bucket, file).catch((error) => {
      const facts = { recordingId: task.recordingId, file, reason: messageOf(error) };
      deps.log.warn(facts, 'a file of a transcript that nobody knows of cannot be removed');
    });
}

/** As the recording is called; a recording at a signed address is called as whoever signed it likes. */
function nameOf(
  { location, startedAt, endedAt, attempt }: TranscriptTask,
  request: RecordingRequest,
): string {
  if (!isHttpAddress(location)) return basename(location).replace(/(\.\w{2,4})?(\.age)?$/, '');
  const { call, id } = request;
  const name = { callType: call.type, callId: call.id, recordingId: id, attempt, extension: '' };
  return objectKey({ ...name, startedAtUnixMs: Date.parse(startedAt ?? endedAt) }).replace(/\.$/, '');
}

/** Tells the records and the webhook of the job. Resolves once both are kept. */
function telling(
  { recordingId, callCid }: TranscriptTask,
  known: { readonly request: RecordingRequest | null },
  { records, deliveries, nowUnixMs, log }: TranscriptDeps,
) {
  return async (
    type: Extract<Parameters<PublishEvent>[0], { transcript: unknown }>['type'],
    transcript: RecordedTranscript,
  ): Promise<void> => {
    const { webhook = null, tenant = null } = known.request ?? {};
    const listeners = [records.publish, deliveries.listenerFor(webhook && { ...webhook, tenant })];
    createPublisher({ recordingId, callCid }, listeners, nowUnixMs, log)({ type, transcript });
    await Promise.all([deliveries.kept(), records.settled(recordingId)]);
  };
}
