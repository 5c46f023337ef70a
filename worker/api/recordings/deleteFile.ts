import type { Api } from '../api.ts';
import { ApiError } from '../apiError.ts';
import { checkPermission } from '../auth/permissions.ts';
import type { Principal } from '../auth/principal.ts';
import type { RecordingRow, StoredFile } from '../store/rows.ts';
import { bucketOf } from './chooseStorage.ts';
import { findCall } from './findCall.ts';
import { filesOfCall } from './listFiles.ts';

/**
 * Deletes one file of a recording, and with the last one the record. A file in an external storage stays there, since
 * it belongs to whoever owns the bucket. Throws not_found if there is no such file.
 */
export async function deleteFile(
  api: Api,
  who: Principal,
  given: { readonly type: string; readonly id: string; readonly session: string; readonly filename: string },
): Promise<void> {
  const { call, grants } = await findCall(api, who.tenant, given);
  checkPermission('DeleteRecording', who, call, grants);
  const files = await filesOfCall(api, who.tenant, given);
  const found = files.find(({ file }) => file.filename === given.filename);
  if (found === undefined)
    throw new ApiError(
      'not_found',
      `there is no recording "${given.filename}" in the session "${given.session}"`,
    );
  await removeFiles(api, found.recording, [found.file]);
}

/** Removes files of a recording from the tenant's own storage, and then from its record. */
export async function removeFiles(api: Api, row: RecordingRow, files: readonly StoredFile[]): Promise<void> {
  if (row.storage === null) {
    const bucket = await bucketOf(api, row.tenant, null);
    for (const { file } of files) await api.files.remove(bucket, file);
  }
  const gone = files.map(({ file }) => file);
  const left = await api.store.recordings.update(row.tenant, row.id, (before) => ({
    ...before,
    files: before.files.filter(({ file }) => !gone.includes(file)),
  }));
  if (left !== null && left.files.length === 0) await api.store.recordings.remove(left);
}
