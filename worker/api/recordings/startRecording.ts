import { randomUUID } from 'node:crypto';
import { InvalidRequestError } from '../../../shared/request/parseRecordingRequest.ts';
import type { Api } from '../api.ts';
import { ApiError } from '../apiError.ts';
import { checkPermission } from '../auth/permissions.ts';
import type { Principal } from '../auth/principal.ts';
import { cidOf, isOver, type RecordingRow } from '../store/rows.ts';
import { recordingSettings } from './callSettings.ts';
import { chooseStorage } from './chooseStorage.ts';
import { currentRecording } from './currentRecording.ts';
import { findCall } from './findCall.ts';
import { jobOf } from './jobOf.ts';

/** Which call is recorded, and where to. */
export interface StartRequest {
  readonly type: string;
  readonly id: string;
  /** The name of an external storage; null for that of the call type, or the tenant's own. */
  readonly storage: string | null;
}

/**
 * Puts the recording of a call on the queue. A call has one recording at a time: of two servers that are asked at the
 * same moment, one refuses. Throws an ApiError where the call cannot be recorded.
 */
export async function startRecording(api: Api, who: Principal, request: StartRequest): Promise<RecordingRow> {
  const { tenant } = who;
  const { call, type, grants } = await findCall(api, tenant, request);
  checkPermission('StartRecording', who, call, grants);
  const settings = recordingSettings(type.settings, call.settingsOverride);
  const cid = cidOf(call);
  if (settings.mode === 'disabled')
    throw new ApiError('bad_input', `recording is disabled for the call "${cid}" (settings.recording.mode)`);
  const storage = await chooseStorage(api, tenant, [request.storage, type.externalStorage]);
  const row: RecordingRow = {
    ...{ id: randomUUID(), tenant, callType: call.type, callId: call.id, sessionId: randomUUID() },
    startedBy: { kind: who.kind === 'user' ? 'user' : 'server', userId: who.userId },
    ...{ storage: storage.name, createdAt: api.nowUnixMs(), stopRequestedAt: null, state: 'queued' },
    ...{ audioOnly: settings.audio_only, quality: settings.quality, layout: settings.layout.name },
    ...{ result: null, files: [], egress: null },
  };
  const job = await jobOf(api, row, settings, storage.wire);
  await claimCall(api, row, cid);
  await putOnQueue(api, row, job);
  return row;
}

/** Throws bad_input if the call has a recording that is not over. */
async function claimCall(api: Api, row: RecordingRow, cid: string): Promise<void> {
  const before = await api.store.running.of(row.tenant, cid);
  const last = before === null ? null : await api.store.recordings.get(row.tenant, before);
  if (last !== null && !isOver((await currentRecording(api, last)).state)) throw alreadyRecorded(cid);
  // Written first: whoever finds the call claimed by this recording must be able to look it up.
  await api.store.recordings.add(row);
  if (await api.store.running.replace(row.tenant, cid, before, row.id)) return;
  await api.store.recordings.remove(row);
  throw alreadyRecorded(cid);
}

function alreadyRecorded(cid: string): ApiError {
  return new ApiError('bad_input', `the call "${cid}" is being recorded already`);
}

/** A job that is refused leaves no recording behind. */
async function putOnQueue(api: Api, row: RecordingRow, job: unknown): Promise<void> {
  try {
    await api.queue.add(row.id, job);
  } catch (error) {
    await api.store.recordings.remove(row);
    if (error instanceof InvalidRequestError)
      throw new ApiError('bad_input', error.message, { cause: error });
    throw error;
  }
}
