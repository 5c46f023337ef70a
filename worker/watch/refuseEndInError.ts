import { RecordingError } from '../recordingError.ts';
import type { Snapshot } from './snapshot.ts';

/** Words by which a text is one that tells an error. */
const ERROR_WORDS =
  /\b(error|fail(ed|ure)?|denied|refused|rejected|invalid|expired|forbidden|unauthori[sz]ed|not authori[sz]ed|unreachable|unable|timed out|not found|cannot|can['’]t|could not|couldn['’]t)\b/i;

/**
 * A page that says that the call is over, and never said that it is ready, has failed if it told or shows an error;
 * a token that the call server refused is an example. Throws page_error in this case; otherwise the call was just over.
 */
export function refuseEndInError({ tab }: Pick<Snapshot, 'tab'>): void {
  const text = tab.probe?.text ?? '';
  const shown = ERROR_WORDS.test(text) ? `it shows: ${text}` : null;
  const told = tab.lastError === null ? null : `its last error is: ${tab.lastError}`;
  const reasons = [shown, told].filter((reason) => reason !== null);
  if (reasons.length === 0) return;
  throw new RecordingError(
    'page_error',
    `The page ended the call before it was ready; ${reasons.join('; ')}`,
  );
}
