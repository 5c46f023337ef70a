import type { Api } from '../api.ts';
import { ApiError } from '../apiError.ts';
import { checkPermission, type Permission } from '../auth/permissions.ts';
import type { Principal } from '../auth/principal.ts';
import type { RecordingRow } from '../store/rows.ts';
import { currentRecording } from './currentRecording.ts';
import { findCall } from './findCall.ts';

/** A recording of the sender's tenant. That of another one is told of as if there were none. */
export async function permitted(
  api: Api,
  who: Principal,
  permission: Permission,
  id: string,
): Promise<RecordingRow> {
  const row = await api.store.recordings.get(who.tenant, id);
  if (row === null) throw new ApiError('not_found', `there is no recording "${id}"`);
  const named = { type: row.callType, id: row.callId };
  // What a server or a viewer may do is written nowhere, so it also holds after the call type was deleted.
  const { call, grants } =
    who.kind === 'user'
      ? await findCall(api, who.tenant, named)
      : { call: { ...named, members: [] }, grants: {} };
  checkPermission(permission, who, call, grants);
  return currentRecording(api, row);
}
