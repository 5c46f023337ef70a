import { RecordingError } from '../recordingError.ts';
import type { Judge } from './snapshot.ts';

/** A page may be one flat colour for a moment; with its document emptied as well, nothing will bring it back. */
const BLANK_AFTER_S = 3;

/** The picture is one flat colour and the document holds neither text nor media. */
export const pageBlank: Judge = ({ tab, capture }) => {
  if (tab.probe === null || tab.probe.hasContent || capture.stats.blankForS < BLANK_AFTER_S) return null;
  throw new RecordingError(
    'page_blank',
    `The page has been blank and without content for ${BLANK_AFTER_S} s`,
  );
};
