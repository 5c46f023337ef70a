import { randomUUID } from 'node:crypto';
import type { RecordingLayout } from '../../../shared/api/recordingReply.ts';
import { InvalidRequestError } from '../../../shared/request/parseRecordingRequest.ts';
import type { Api } from '../api.ts';
import { ApiError } from '../apiError.ts';
import { checkPermission } from '../auth/permissions.ts';
import type { Principal } from '../auth/principal.ts';
import type { CompleteRecordingSettings, Settings } from '../config/callTypeSettings.ts';
import { cidOf, isOver, type RecordingRow, type RowHook } from '../store/rows.ts';
import { changeSettings, recordingSettings } from './callSettings.ts';
import { chooseStorage, PRESIGNED } from './chooseStorage.ts';
import { currentRecording } from './currentRecording.ts';
import { type FoundCall, findCall } from './findCall.ts';
import { jobOf } from './jobOf.ts';
import { type TranscriptRequest, transcriptionOf } from './transcripts.ts';

/** Which call is recorded, and where to. */
export interface StartRequest {
  readonly type: string;
  readonly id: string;
  /** The name of an external storage; null for that of the call type, or the tenant's own. */
  readonly storage: string | null;
  readonly hooks?: readonly RowHook[];
  /** Comes before the settings of the call. */
  readonly override?: Settings;
  /** A folder in the bucket of the tenant; empty for none. */
  readonly folder?: string;
  /** Where this one file is to be PUT, whatever storage there is; it is in the job alone. */
  readonly presignedUrl?: string;
  /** Absent where nobody asks for a transcript. */
  readonly transcript?: TranscriptRequest;
  /** As the `source` of a job, in place of that of the call type; null for that one. Only servers name it. */
  readonly source?: Readonly<Record<string, unknown>> | null;
}

/**
 * Puts the recording of a call on the queue. A call has one recording at a time: of two servers that are asked at the
 * same moment, one refuses. Throws an ApiError where the call cannot be recorded.
 */
export async function startRecording(api: Api, who: Principal, request: StartRequest): Promise<RecordingRow> {
  const { tenant } = who;
  const found = await findCall(api, tenant, request);
  checkPermission('StartRecording', who, found.call, found.grants);
  // The app of a call type is handed the keys of its source, so not everybody who may record may name another one.
  if (request.override?.recording?.layout?.external_app_url)
    checkPermission('UpdateCall', who, found.call, found.grants);
  const ofCall = changeSettings(found.call.settingsOverride, request.override);
  const settings = recordingSettings(found.type.settings, ofCall);
  if (settings.mode === 'disabled')
    throw new ApiError(
      'bad_input',
      `recording is disabled for the call "${cidOf(found.call)}" (settings.recording.mode)`,
    );
  const startedBy = { kind: who.kind === 'user' ? 'user' : 'server', userId: who.userId } as const;
  const ids = { id: randomUUID(), sessionId: randomUUID() };
  const { storage, hooks = [], folder = '', presignedUrl, transcript, source = null } = request;
  const where = { storage, folder, ...(presignedUrl === undefined ? {} : { presignedUrl }) };
  const more = { source, ...(transcript === undefined ? {} : { transcript }) };
  return beginRecording(api, { ...ids, tenant, found, settings, ...where, ...more, startedBy, hooks });
}

/** A recording that may begin, as far as permissions and modes go. */
export interface Beginning
  extends Pick<RecordingRow, 'id' | 'tenant' | 'sessionId' | 'startedBy' | 'storage'> {
  readonly found: FoundCall;
  readonly settings: CompleteRecordingSettings;
  readonly hooks?: readonly RowHook[];
  readonly folder?: string;
  readonly presignedUrl?: string;
  readonly transcript?: TranscriptRequest;
  readonly source?: Readonly<Record<string, unknown>> | null;
}

/** Puts a recording on the queue. Where several servers do so with the same id, it is recorded once. */
export async function beginRecording(api: Api, given: Beginning): Promise<RecordingRow> {
  const { id, tenant, sessionId, startedBy, settings } = given;
  const { call, type } = given.found;
  const storage =
    given.presignedUrl === undefined
      ? await chooseStorage(api, tenant, [given.storage, type.externalStorage])
      : { name: `${PRESIGNED}${id}`, wire: { kind: 'presigned', url: given.presignedUrl } };
  const row: RecordingRow = {
    ...{ id, tenant, callType: call.type, callId: call.id, sessionId, startedBy },
    ...{ storage: storage.name, createdAt: api.nowUnixMs(), stopRequestedAt: null, state: 'queued' },
    ...{ audioOnly: settings.audio_only, quality: settings.quality, layout: settings.layout.name },
    layoutSettings: layoutOf(settings),
    ...{
      result: null,
      startedAt: null,
      files: [],
      egress: null,
      ...(given.hooks?.length && { hooks: given.hooks }),
    },
  };
  const wire = inFolder(storage.wire, given.folder ?? '');
  const job = {
    ...(await jobOf(api, row, settings, wire, given.source ?? null)),
    ...(given.transcript && { transcription: transcriptionOf(api, tenant, given.transcript, wire) }),
  };
  await claimCall(api, row, cidOf(call));
  await putOnQueue(api, row, job);
  return row;
}

function layoutOf({ layout }: CompleteRecordingSettings): RecordingLayout {
  const { name, options, external_css_url: css, external_app_url: app } = layout;
  return { name, options, external_css_url: css || null, external_app_url: app || null };
}

/** The storage with a folder in it, which only a bucket can have. */
function inFolder(wire: unknown, folder: string): unknown {
  const inner = folder.replace(/^\/+|\/+$/g, '');
  if (inner === '') return wire;
  const { kind, prefix } = (wire ?? {}) as { kind?: string; prefix?: string };
  if (kind !== 's3' && kind !== 'gcs' && kind !== 'azure')
    throw new ApiError('bad_input', 'a folder can only be named where the storage of the tenant is a bucket');
  return { ...(wire as object), prefix: [prefix, inner].filter(Boolean).join('/') };
}

/** Throws bad_input if the call has another recording that is not over. */
async function claimCall(api: Api, row: RecordingRow, cid: string): Promise<void> {
  const { running, recordings } = api.store;
  const before = await running.of(row.tenant, cid);
  if (before === row.id) return recordings.add(row);
  const last = before === null ? null : await recordings.get(row.tenant, before);
  if (last !== null && !mayFollow(row, await currentRecording(api, last))) throw alreadyRecorded(cid);
  // Written first: whoever finds the call claimed by this recording must be able to look it up.
  await recordings.add(row);
  if (await running.replace(row.tenant, cid, before, row.id)) return;
  if ((await running.of(row.tenant, cid)) === row.id) return;
  await recordings.remove(row);
  throw alreadyRecorded(cid);
}

/** People who meet again are recorded, also while the recording of the meeting before is being stored. */
function mayFollow({ startedBy }: RecordingRow, last: RecordingRow): boolean {
  return isOver(last.state) || (startedBy.kind === 'auto_on' && last.state === 'stopping');
}

function alreadyRecorded(cid: string): ApiError {
  return new ApiError('bad_input', `the call "${cid}" is being recorded already`);
}

/**
 * Puts the job of a recording on the queue. One that is refused leaves no recording behind. Throws an ApiError then. Where
 * Redis does not answer, the job may be put there all the same: the recording stays, and is `failed` if no job comes.
 */
export async function putOnQueue(api: Api, row: RecordingRow, job: unknown): Promise<void> {
  try {
    await api.queue.add(row.id, job);
  } catch (error) {
    if (!(error instanceof InvalidRequestError)) throw error;
    await api.store.recordings.remove(row);
    throw new ApiError('bad_input', error.message, { cause: error });
  }
}
