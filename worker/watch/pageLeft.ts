import { RecordingError } from '../recordingError.ts';
import { lastErrorOf } from './lastErrorOf.ts';
import type { Judge, Snapshot } from './snapshot.ts';

/** A page that answers tells at once where it is. One that does not, or not yet, may be on its way back. */
const AWAY_AFTER_MS = 2_000;

/**
 * The tab shows another site than it loaded, or Chromium's own error page, also where it was led to an address that is
 * not allowed. A reload is not leaving.
 */
export const pageLeft: Judge = ({ tab, nowMs }) => {
  const site = otherSite(tab, nowMs);
  if (site === null) return null;
  if (tab.refusal !== null)
    throw new RecordingError(
      'private_url',
      `The tab left ${tab.loadedOrigin} and was refused: ${tab.refusal}`,
    );
  throw new RecordingError(
    'page_left',
    `The tab left ${tab.loadedOrigin} and shows ${site}//… instead of the layout app${lastErrorOf(tab)}`,
  );
};

/** The scheme of what the tab shows instead of the page that it loaded; null while it shows that. */
function otherSite({ probe, shown, loadedOrigin }: Snapshot['tab'], nowMs: number): string | null {
  if (loadedOrigin === null) return null;
  if (shown !== null && shown.site !== loadedOrigin && nowMs - shown.sinceMs >= AWAY_AFTER_MS)
    return shown.site.replace(/\/\/.*/, '');
  if (probe === null) return null;
  const { origin, protocol } = new URL(probe.href);
  return origin === loadedOrigin && protocol !== 'chrome-error:' ? null : protocol;
}
