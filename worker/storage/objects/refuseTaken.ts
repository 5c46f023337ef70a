import { RecordingError } from '../../recordingError.ts';
import type { PartedObject } from './partedObject.ts';

/** Throws storage_failed if the object exists. */
export async function refuseTaken(length: PartedObject['length'], signal: AbortSignal): Promise<void> {
  if ((await length(signal)) !== null)
    throw new RecordingError('storage_failed', 'the object exists already and is not written over');
}
