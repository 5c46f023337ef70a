import type { RecordedFile } from '../../shared/events/recordingEvents.ts';
import type { Orphan } from './orphan.ts';

export async function finishLeftFile(orphan: Orphan, _recordingsDir: string): Promise<RecordedFile | null> {
  throw new Error(`${orphan.place} cannot be finished yet`);
}
