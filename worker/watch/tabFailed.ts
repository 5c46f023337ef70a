import { RecordingError } from '../recordingError.ts';
import { lastErrorOf } from './lastErrorOf.ts';
import type { Judge } from './snapshot.ts';

/** The browser or the tab is gone, or the page says that it cannot show the call. */
export const tabFailed: Judge = ({ tab }) => {
  if (tab.browserGone) throw new RecordingError('browser_failed', 'The browser ended on its own');
  if (tab.tabCrashed)
    throw new RecordingError('page_crashed', `The tab with the layout app crashed${lastErrorOf(tab)}`);
  if (tab.failure) throw new RecordingError(tab.failure.code, tab.failure.message);
  if (tab.probe && tab.probe.errorText !== '') {
    throw new RecordingError('page_error', `The layout app shows an error: ${tab.probe.errorText}`);
  }
  return null;
};
