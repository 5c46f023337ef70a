import { setTimeout } from 'node:timers/promises';
import { findIdleOptions } from '../../shared/layout/resolveLayoutOptions.ts';
import { stylesheetProblem } from '../../shared/layout/stylesheetProblem.ts';
import type { RecordingRequest } from '../../shared/request/recordingRequest.ts';
import { type LoadedStylesheet, loadedStylesheet } from '../page/loadedStylesheet.ts';
import type { Tab } from '../page/openTab.ts';
import type { Journal } from './journal.ts';

/** An option that the chosen layout does not document has no effect. The caller is warned of it. */
export function warnOfIdleOptions({ layout }: RecordingRequest, journal: Journal): void {
  if (layout.name === null || layout.externalAppUrl !== null) return;
  for (const key of findIdleOptions(layout.name, layout.wireOptions)) {
    const message = `The option ${key} has no effect in the layout ${layout.name}`;
    journal.warn({ code: 'option_idle', message, at_s: null });
  }
}

/** How long a layout app may take to load its stylesheet after it called itself ready, and how often that is looked at. */
const LOADED_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 1_000;

/**
 * Warns where a stylesheet has a fault, of which a browser says nothing, and where an external layout app has not
 * loaded it; our own layout app tells the latter itself.
 */
export async function warnOfBrokenTheme(
  { layout }: RecordingRequest,
  tab: Pick<Tab, 'target'>,
  journal: Pick<Journal, 'warn'>,
): Promise<void> {
  const address = layout.externalCssUrl;
  if (address === null) return;
  const sheet = await settledStylesheet(tab, address);
  const message = sheet.state === 'loaded' ? faultIn(sheet.text, address) : missing(sheet, address);
  if (message === null || (sheet.state !== 'loaded' && layout.externalAppUrl === null)) return;
  journal.warn({ code: sheet.state === 'loaded' ? 'css_broken' : 'css_failed', message, at_s: 0 });
}

/** Waits a while for a stylesheet that is not there yet: an app may ask for it after it called itself ready. */
async function settledStylesheet(
  { target }: Pick<Tab, 'target'>,
  address: string,
): Promise<LoadedStylesheet> {
  for (let waitedMs = 0; ; waitedMs += LOOK_EVERY_MS) {
    const sheet = await loadedStylesheet(target, address);
    if (sheet.state !== 'absent' || waitedMs >= LOADED_WITHIN_MS) return sheet;
    await setTimeout(LOOK_EVERY_MS, undefined, { ref: false });
  }
}

function faultIn(text: string | null, address: string): string | null {
  const problem = text === null ? null : stylesheetProblem(text);
  return problem && `External CSS ${address} may not apply as it was meant: ${problem}`;
}

function missing(sheet: Exclude<LoadedStylesheet, { state: 'loaded' }>, address: string): string {
  if (sheet.state === 'failed')
    return `External CSS ${address} could not be loaded by the layout app; recording goes on without it`;
  return (
    `The layout app has not loaded the external CSS ${address} within ${LOADED_WITHIN_MS / 1000} s of the start: ` +
    `${sheet.others === 0 ? 'no stylesheet is in the page' : `none of the ${sheet.others} stylesheets in the page has this address`}`
  );
}
