import { RecordingError } from '../recordingError.ts';
import { blankForS } from './blankForS.ts';
import { lastErrorOf } from './lastErrorOf.ts';
import type { Judge } from './snapshot.ts';

/** How much of the recording may be blank, in seconds; less where the page has told an error, which explains it. */
const BLANK_S = 10;
const BLANK_WITH_ERROR_S = 3;

/**
 * The page never said that it is ready, never said who is in the call, and never put anything into its document. A
 * page that has said any of these may wait for people with nothing to show.
 */
export const pageNeverShown: Judge = ({ tab, capture }) => {
  if (tab.readySignal !== null || tab.participants !== null) return null;
  if (tab.probe === null || tab.probe.hasShownAnything) return null;
  if (blankForS(capture) < (tab.lastError === null ? BLANK_S : BLANK_WITH_ERROR_S)) return null;
  throw new RecordingError(
    'page_blank',
    `The page never showed anything, and never said that it is ready${lastErrorOf(tab)}`,
  );
};
