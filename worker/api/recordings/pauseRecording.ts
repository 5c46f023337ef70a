import type { PauseMode } from '../../../shared/events/recordingEvents.ts';
import type { Api } from '../api.ts';
import { ApiError } from '../apiError.ts';
import { isOver, type RecordingRow } from '../store/rows.ts';

/**
 * Asks the worker that has this recording, or takes it later, to pause it in this way, or to go on where that is null. One
 * that is paused already stays as it is. Throws an ApiError for a recording that is over, or about to be.
 */
export async function pauseRecording(
  api: Api,
  row: RecordingRow,
  mode: PauseMode | null,
): Promise<RecordingRow> {
  if (isOver(row.state) || row.state === 'stopping')
    throw new ApiError('bad_input', `the recording cannot be paused or go on: it is ${row.state}`);
  if (!(await api.queue.pause(row.id, mode)))
    throw new ApiError('bad_input', 'the recording is over: its job is not on the queue any more');
  return row;
}
