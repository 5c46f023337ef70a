import { findIdleOptions } from '../../shared/layout/resolveLayoutOptions.ts';
import { stylesheetProblem } from '../../shared/layout/stylesheetProblem.ts';
import type { RecordingRequest } from '../../shared/request/recordingRequest.ts';
import { loadedStylesheet } from '../page/loadedStylesheet.ts';
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

/** The browser does not report what is wrong in a stylesheet, so we check it here. */
export async function warnOfBrokenTheme(
  { layout }: RecordingRequest,
  tab: Tab,
  journal: Journal,
): Promise<void> {
  if (layout.externalCssUrl === null) return;
  const text = await loadedStylesheet(tab.page, layout.externalCssUrl);
  const problem = text === null ? null : stylesheetProblem(text);
  if (problem === null) return;
  const message = `External CSS ${layout.externalCssUrl} may not have the intended effect: ${problem}`;
  journal.warn({ code: 'css_broken', message, at_s: 0 });
}
