import { messageOf } from '../../recordingError.ts';
import type { Api } from '../api.ts';
import { ApiError } from '../apiError.ts';
import { checkPermission } from '../auth/permissions.ts';
import type { Principal } from '../auth/principal.ts';
import type { RecordingRow, StoredFile } from '../store/rows.ts';
import { bucketOf } from './chooseStorage.ts';
import { findCall } from './findCall.ts';
import { filesOfCall } from './listFiles.ts';
import { besideTranscript, transcriptFiles, transcriptOf } from './transcripts.ts';

/** Deletes one file of a recording, and with the last one the record. Throws not_found if there is no such file. */
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

/**
 * Removes files of a recording from their storage, and then from its record; with the last one its transcript, too. Where nothing is known of the storage, because
 * only the request named it or because it was forgotten since, the files stay. Throws bad_input where an external storage
 * does not let them be removed; the record then stays, too.
 */
export async function removeFiles(api: Api, row: RecordingRow, files: readonly StoredFile[]): Promise<void> {
  const isLast = row.files.every((one) => files.some(({ file }) => file === one.file));
  if (isLast) await removeTranscript(api, row);
  await removeFrom(api, row, files);
  const gone = files.map(({ file }) => file);
  const left = await api.store.recordings.update(row.tenant, row.id, (before) => ({
    ...before,
    files: before.files.filter(({ file }) => !gone.includes(file)),
  }));
  if (left !== null && left.files.length === 0) await api.store.recordings.remove(left);
}

/** Nobody makes a transcript any more, and one that is there is removed. */
async function removeTranscript(api: Api, row: RecordingRow): Promise<void> {
  if (transcriptOf(row) === null) return;
  await api.queue.dropTranscript(row.id);
  await removeFrom(api, besideTranscript(row), transcriptFiles(row));
}

async function removeFrom(
  api: Api,
  row: RecordingRow,
  files: readonly Pick<StoredFile, 'file'>[],
): Promise<void> {
  const bucket = await bucketOf(api, row.tenant, row.storage);
  if (row.storage === null || bucket !== null)
    for (const { file } of files) await api.files.remove(bucket, file).catch(toldOf(row));
}

/** The tenant can put right what is wrong with an external storage; what is wrong with ours is no matter of its own. */
function toldOf({ storage }: RecordingRow): (error: unknown) => never {
  return (error) => {
    if (storage === null) throw error;
    const message = `the file cannot be removed from the storage "${storage}": ${messageOf(error)}`;
    throw new ApiError('bad_input', message, { cause: error });
  };
}
