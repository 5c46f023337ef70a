import { fileTypeOf } from '../shared/encoding/encodingProfile.ts';
import type { RecordingResult } from '../shared/events/recordingEvents.ts';
import type { OutputRequest, RecordingRequest } from '../shared/request/recordingRequest.ts';
import { descriptorOf } from '../shared/sources/callSource.ts';
import { storageDescriptorOf } from '../shared/storages/storageTarget.ts';
import { type Cleanup, createCleanup } from './cleanup.ts';
import type { EgressRules } from './egress/egressRules.ts';
import { refusePrivateUrls } from './egress/refusePrivateUrls.ts';
import type { OpenCallDeps } from './openCall.ts';
import type { OpenCallAhead } from './openCallAhead.ts';
import type { Outputs } from './outputs/createOutputs.ts';
import { openOutputs } from './outputs/openOutputs.ts';
import { externalUrls } from './page/externalUrls.ts';
import type { LayoutInUse } from './page/layoutInUse.ts';
import type { Journal } from './recording/journal.ts';
import { createManifestKeeper, type ManifestKeeper, type ManifestStore } from './recording/keepManifest.ts';
import type { LastPicture } from './recording/lastPicture.ts';
import { warnOfIdleOptions } from './recording/layoutWarnings.ts';
import type { RecordingManifest } from './recording/manifest.ts';
import { noteInterruption } from './recording/noteInterruption.ts';
import { warnOfFailedOutputs } from './recording/outputWarnings.ts';
import type { Pausing } from './recording/pausing.ts';
import { endWith, endWithout, storeFiles } from './recording/storeFiles.ts';
import { watchStorage } from './recording/watchStorage.ts';
import { asRecordingError, messageOf, RecordingError } from './recordingError.ts';
import { type CallEnd, recordSegments } from './recordSegments.ts';
import { resumeFiles } from './resumeFiles.ts';
import { objectKey } from './storage/objectKey.ts';
import type { NewFile, Storage } from './storage/storage.ts';
import { type Allowance, endAtLimits, type LimitedRecording } from './tenants/endAtLimits.ts';
import { endReasonOf, isLeft, untilStopped } from './watch/untilStopped.ts';
import type { Usage } from './watch/usage.ts';

/** What a recording needs from the worker around it. */
export interface RecordingDeps extends OpenCallDeps {
  /** Where pages, call servers and storages may be. */
  readonly egressRules: EgressRules;
  readonly journal: Journal;
  /** What the tenant of the job may use. */
  readonly allowance: Allowance;
  readonly openStorage: (
    output: Pick<OutputRequest, 'storage' | 'backup' | 'recipients'>,
  ) => Promise<Storage>;
  /** 1 for the first try of a job. */
  readonly attempt: number;
  /** Both in milliseconds: a clock that never jumps, and the wall clock. */
  readonly clock: { nowMs(): number; nowUnixMs(): number };
  /** With a given manifest, the recording of another worker goes on, or is only finished. */
  readonly manifest: ManifestStore;
  /** The call, where it was opened while another worker still recorded it. */
  readonly ahead: OpenCallAhead | null;
  /** Aborted once another worker has the recording, whatever it was told to do before. */
  readonly lost: AbortSignal;
  /** The layout of the job, and what the recording is told to change of it while it runs. */
  readonly layout: LayoutInUse;
  /** Whether the recording is to be paused. */
  readonly pausing: Pausing;
  readonly lastPicture: LastPicture;
  /**
   * The browser is closed, so the cores are free. The delivery of the files may take hours. `isLeft`: the recording goes
   * on in another worker.
   */
  captured(isLeft: boolean): void;
  /** Is told ten times a second what the browser uses. */
  uses(usage: Usage): void;
  /** Everything is kept where another worker finds it, so it may go on. */
  handedOver(): void;
  /** Keeps the bytes of this file for a transcript: once it is stored, it may be nowhere where it can be read. */
  keepMovie(path: string): Promise<void>;
}

/**
 * The story of a recording: one call, from a validated request to its stored files and its result. Never
 * throws: a failure is a result with status `failed`, and what was recorded before it is stored. If the
 * `stop` signal is aborted, its reason is the end reason. With `handed_over` and `taken_over`, everything is
 * kept for the worker that goes on.
 */
export async function recordCall(
  request: RecordingRequest,
  deps: RecordingDeps,
  stop: AbortSignal,
): Promise<RecordingResult> {
  const { journal, log } = deps;
  const cleanup = createCleanup(log);
  try {
    if (deps.manifest.given?.ended) deps.captured(false);
    const resumed = await resumeFiles(request, deps, cleanup);
    const outputs = resumed ?? (await untilStopped(() => openFiles(request, deps, cleanup), stop));
    const given = resumed && deps.manifest.given;
    if (outputs === null) return journal.end({ reason: endReasonOf(stop), files: [], error: null });
    warnOfFailedOutputs(outputs, journal);
    const manifest = createManifestKeeper({
      recordingId: request.id,
      store: { ...deps.manifest, given },
      outputs,
      journal,
      layout: deps.layout,
      nowUnixMs: deps.clock.nowUnixMs,
      log,
    });
    watchStorage(outputs, journal, manifest.elapsedS, cleanup);
    const ended = given && endOf(given, outputs);
    const limited = endAtLimits(stop, limitedRecording(outputs, manifest), deps.allowance, { cleanup, log });
    const segments = { request, deps, outputs, manifest, stop: limited.signal, cleanup };
    const end = ended ?? (await recordSegments(segments));
    limited.over();
    deps.captured(isLeft(end.reason));
    if (isLeft(end.reason)) return await leaveToOther(end, request, deps, outputs, manifest);
    return await finish(end, request, deps, outputs, manifest);
  } catch (thrown) {
    if (deps.lost.aborted) return journal.end({ reason: 'taken_over', files: [], error: null });
    const error = asRecordingError(thrown);
    return journal.end({ reason: error.code, files: [], error });
  } finally {
    await cleanup.run();
  }
}

/** Opens the storage of every output for a new recording. */
async function openFiles(request: RecordingRequest, deps: RecordingDeps, cleanup: Cleanup): Promise<Outputs> {
  warnOfIdleOptions(request, deps.journal);
  await refusePrivateUrls(externalUrls(request), deps.egressRules, { mustResolve: true });
  await refusePrivateUrls(serversOf(request), deps.egressRules, { mustResolve: false });
  const startedAtUnixMs = deps.clock.nowUnixMs();
  const open = async (output: OutputRequest, index: number) => {
    const storage = await deps.openStorage(output);
    return storage.open(fileFor(request, output, index, { attempt: deps.attempt, startedAtUnixMs }));
  };
  return openOutputs(request, open, cleanup);
}

function limitedRecording(outputs: Outputs, manifest: ManifestKeeper): LimitedRecording {
  return {
    startedAtUnixMs: () => manifest.startedAt()?.unixMs ?? null,
    elapsedS: manifest.elapsedS,
    sizeBytes: outputs.sizeBytes,
  };
}

/** The call server and the storages, which say by themselves that they cannot be reached. */
function serversOf({ source, outputs }: RecordingRequest): string[] {
  const targets = outputs.flatMap(({ storage, backup }) =>
    [storage, backup].filter((target) => target !== null),
  );
  return [
    ...descriptorOf(source).addressesOf(source),
    ...targets.flatMap((target) => storageDescriptorOf(target).addressesOf(target)),
  ];
}

/**
 * Keeps everything for the worker that goes on. The manifest is written only where nobody has taken the recording
 * over yet. If there was no picture, nothing is kept, and the other worker begins anew.
 */
async function leaveToOther(
  end: CallEnd,
  request: RecordingRequest,
  { journal, handedOver }: RecordingDeps,
  outputs: Outputs,
  manifest: ManifestKeeper,
): Promise<RecordingResult> {
  if (manifest.startedAt() === null) {
    if (end.reason === 'handed_over') journal.phase('queued');
    return journal.end({ reason: end.reason, files: [], error: null });
  }
  if (end.reason === 'handed_over') {
    noteInterruption(journal, outputs, request, 'the worker has handed the recording over to another one');
    await manifest.save();
  }
  await outputs.close();
  if (end.reason === 'handed_over') handedOver();
  return journal.end({ reason: end.reason, files: [], error: null });
}

/** Stores what was recorded. */
async function finish(
  { reason, error }: CallEnd,
  request: RecordingRequest,
  deps: RecordingDeps,
  outputs: Outputs,
  manifest: ManifestKeeper,
): Promise<RecordingResult> {
  const { journal, clock } = deps;
  if (manifest.startedAt() === null) {
    if (error) throw error;
    return endWithout(journal, reason, outputs);
  }
  journal.phase('finishing');
  const ended = manifest.ended() ?? {
    reason,
    error: error && { code: error.code, message: error.message },
    endedAtUnixMs: clock.nowUnixMs(),
    durationS: manifest.told().durationS,
  };
  await manifest.save(ended);
  if (request.transcription !== null) await keepForTranscript(outputs, deps);
  const files = await storeFiles(request, outputs, manifest.told(), () => manifest.save());
  return endWith(journal, { reason, endedAtUnixMs: ended.endedAtUnixMs }, outputs, files, error);
}

/** Keeps the first file of which all is on this machine. A transcript may fail; the recording goes on. */
async function keepForTranscript(outputs: Outputs, { keepMovie, log }: RecordingDeps): Promise<void> {
  const whole = outputs.all.find(({ sink, failure }) => sink?.settledBytes === 0 && failure() === null);
  await (whole?.sink && keepMovie(whole.sink.localPath))?.catch((error) =>
    log.warn(
      { reason: messageOf(error) },
      'the sound for the transcript can only be read where it is stored',
    ),
  );
}

/**
 * How the recording of another worker ended; null if it goes on. A worker that had stored every file may have been lost
 * before it could note how.
 */
function endOf({ ended }: RecordingManifest, outputs: Outputs): CallEnd | null {
  if (ended === null)
    return outputs.all.every((one) => one.stored() !== null) ? { reason: 'call_ended', error: null } : null;
  const { reason, error } = ended;
  return { reason, error: error && new RecordingError(error.code, error.message) };
}

function fileFor(
  { id, call, audioOnly, outputs }: RecordingRequest,
  { name, encoding }: OutputRequest,
  index: number,
  given: { readonly attempt: number; readonly startedAtUnixMs: number },
): NewFile {
  const { extension, mediaType } = fileTypeOf(encoding, audioOnly);
  const key = objectKey({
    callType: call.type,
    callId: call.id,
    recordingId: id,
    ...given,
    extension,
    ...(outputs.length > 1 && index > 0 ? { outputName: name } : {}),
  });
  return { key, mediaType };
}
