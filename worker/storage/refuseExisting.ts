import { exists } from '../exists.ts';
import { RecordingError } from '../recordingError.ts';

/** Throws storage_failed if there is a file at `path`. */
export async function refuseExisting(path: string): Promise<void> {
  if (!(await exists(path))) return;
  throw new RecordingError(
    'storage_failed',
    `${path} exists already and is not written over; move it away, or give the recording another id`,
  );
}
