import type { Api } from '../api.ts';
import { ApiError } from '../apiError.ts';
import { checkPermission } from '../auth/permissions.ts';
import type { Principal } from '../auth/principal.ts';
import { cidOf, isOver, type RecordingRow } from '../store/rows.ts';
import { currentRecording } from './currentRecording.ts';
import { findCall } from './findCall.ts';

/** Asks the worker that records a call to end and store it. Throws bad_input if the call is not being recorded. */
export async function stopRecording(
  api: Api,
  who: Principal,
  given: { readonly type: string; readonly id: string },
): Promise<RecordingRow> {
  const { call, grants } = await findCall(api, who.tenant, given);
  checkPermission('StopRecording', who, call, grants);
  const running = await runningRecording(api, who.tenant, call);
  if (running === null) throw new ApiError('bad_input', `the call "${cidOf(call)}" is not being recorded`);
  return stopThis(api, running);
}

/** Asks the worker that has this recording, or takes it later, to end and store it. */
export async function stopThis(api: Api, row: RecordingRow): Promise<RecordingRow> {
  // Noted first: a recording that has ended since is not written over by it.
  const noted = await api.store.recordings.update(row.tenant, row.id, (before) =>
    isOver(before.state)
      ? before
      : { ...before, state: 'stopping', stopRequestedAt: before.stopRequestedAt ?? api.nowUnixMs() },
  );
  await api.queue.stop(row.id);
  return noted ?? row;
}

/** The recording of a call that is not over; null if there is none. */
export async function runningRecording(
  api: Api,
  tenant: string,
  call: { readonly type: string; readonly id: string },
): Promise<RecordingRow | null> {
  const id = await api.store.running.of(tenant, cidOf(call));
  const row = id === null ? null : await api.store.recordings.get(tenant, id);
  const now = row && (await currentRecording(api, row));
  return now === null || isOver(now.state) ? null : now;
}
