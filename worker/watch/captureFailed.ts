import { RecordingError } from '../recordingError.ts';
import type { Judge } from './snapshot.ts';

/** The capturer is asked for at least five pictures a second (see capture/recorder/openStream.ts), so this is no still page. */
const SILENT_AFTER_S = 4;

/** A recorder page that is only slow tells something sooner. */
const UNHEARD_AFTER_S = 20;

/** Capture, encoder or storage cannot go on, or no more pictures come although the page answers. */
export const captureFailed: Judge = ({ capture, recorderUnheardForS }) => {
  if (capture.failure) throw capture.failure;
  if (recorderUnheardForS >= UNHEARD_AFTER_S)
    throw new RecordingError(
      'capture_failed',
      `The recorder page has told nothing for ${Math.round(recorderUnheardForS)} s`,
    );
  if (capture.stats.silentForS < SILENT_AFTER_S) return null;
  throw new RecordingError('capture_failed', `No picture has come from the tab for ${SILENT_AFTER_S} s`);
};
