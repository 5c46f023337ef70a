import { RecordingError } from '../recordingError.ts';
import type { Judge } from './snapshot.ts';

/** The capturer is asked for at least five pictures a second (see capture/recorder/openStream.ts), so this is no still page. */
const SILENT_AFTER_S = 4;

/** Capture, encoder or storage cannot go on, or no more pictures come although the page answers. */
export const captureFailed: Judge = ({ capture }) => {
  if (capture.failure) throw capture.failure;
  if (capture.stats.silentForS < SILENT_AFTER_S) return null;
  throw new RecordingError('capture_failed', `No picture has come from the tab for ${SILENT_AFTER_S} s`);
};
