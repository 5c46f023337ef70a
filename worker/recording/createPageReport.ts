import type { RecordingWarning } from '../../shared/events/recordingEvents.ts';
import type { Tab, TabSignal } from '../page/openTab.ts';
import type { Journal } from './journal.ts';

/** A page that warns of more, or has more different errors, is not listened to any longer. */
const MOST_WARNINGS = 50;
const MOST_ERRORS = 20;
/** The warning of what was left out is told anew only when there is so much more of it. */
const TENFOLD = 10;

/**
 * Makes a function that turns into warnings what a tab's page warns of, and the errors that it logs or does not
 * catch: each different one once in a recording, in however many tabs. `atS` is where the recording is, in seconds; null before it has begun.
 */
export function createPageReport(
  journal: Pick<Journal, 'warn'>,
  atS: () => number | null,
): (tab: Pick<Tab, 'listen'>) => void {
  const told = { warning: new Set<string>(), error_told: new Set<string>() };
  let leftOut = 0;
  let warnedOf = 0;
  let fromS: number | null = null;

  function noteLeftOut(count: number): void {
    leftOut += count;
    if (leftOut < warnedOf * TENFOLD) return;
    if (warnedOf === 0) fromS = atS();
    warnedOf = leftOut;
    const message = `The page told more than is taken: at least ${leftOut} of its lines and warnings were left out`;
    const until = atS();
    journal.warn({
      ...{ code: 'page_told_too_much', message, at_s: fromS },
      ...(until === null ? {} : { until_s: until }),
    });
  }

  return (tab) =>
    tab.listen((signal) => {
      if (signal.type === 'left_out') noteLeftOut(signal.count);
      if (signal.type !== 'warning' && signal.type !== 'error_told') return;
      const known = told[signal.type];
      const most = signal.type === 'warning' ? MOST_WARNINGS : MOST_ERRORS;
      if (known.size >= most || known.has(signal.message)) return;
      known.add(signal.message);
      journal.warn({ code: codeOf(signal), message: signal.message, at_s: atS() });
    });
}

function codeOf(signal: Extract<TabSignal, { type: 'warning' | 'error_told' }>): RecordingWarning['code'] {
  return signal.type === 'warning' ? signal.code : 'page_console_error';
}
