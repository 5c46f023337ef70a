import type { StorageTarget } from '../storages/storageTarget.ts';
import type { RecordingRequest } from './recordingRequest.ts';

/** Every storage of a request, with the path at which a job names it. */
export function targetsOf({
  outputs,
  transcription,
}: Pick<RecordingRequest, 'outputs'> & Partial<Pick<RecordingRequest, 'transcription'>>): {
  readonly path: string;
  readonly target: StorageTarget;
}[] {
  const all = [
    ...outputs.flatMap(({ storage, backup }) => [
      { path: 'storage', target: storage },
      { path: 'backup_storage', target: backup },
    ]),
    { path: 'transcription.storage', target: transcription?.storage ?? null },
  ];
  return all.flatMap(({ path, target }) => (target === null ? [] : { path, target }));
}
