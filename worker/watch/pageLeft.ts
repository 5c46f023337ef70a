import { RecordingError } from '../recordingError.ts';
import { lastErrorOf } from './lastErrorOf.ts';
import type { Judge } from './snapshot.ts';

/**
 * The tab shows another site than it loaded, or Chromium's own error page, also where it was led to an address that is
 * not allowed. A reload is not leaving.
 */
export const pageLeft: Judge = ({ tab }) => {
  if (tab.probe === null || tab.loadedOrigin === null) return null;
  const { origin, protocol } = new URL(tab.probe.href);
  if (origin === tab.loadedOrigin && protocol !== 'chrome-error:') return null;
  if (tab.refusal !== null)
    throw new RecordingError(
      'private_url',
      `The tab left ${tab.loadedOrigin} and was refused: ${tab.refusal}`,
    );
  throw new RecordingError(
    'page_left',
    `The tab left ${tab.loadedOrigin} and shows ${protocol}//… instead of the layout app${lastErrorOf(tab)}`,
  );
};
