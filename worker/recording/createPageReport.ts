import type { RecordingWarning } from '../../shared/events/recordingEvents.ts';
import { WARNING_CODES } from '../../shared/page/pageMessages.ts';
import type { Tab, TabSignal } from '../page/openTab.ts';
import type { Journal } from './journal.ts';

/** A page that warns of more, or has more different errors, is not listened to any longer. */
const MOST_WARNINGS = 50;
const MOST_ERRORS = 20;
/** The warning of what was left out is told anew only when there is so much more of it. */
const TENFOLD = 10;
const MOST_REFUSALS = 20;

/**
 * Makes a function that turns into warnings what a tab's page warns of, the errors that it logs or does not catch, and
 * the addresses that it was refused: each different one once in a recording, in however many tabs and workers. `atS` is
 * where the recording is, in seconds; null before it has begun.
 */
export function createPageReport(
  journal: Pick<Journal, 'warn' | 'soFar' | 'redacted'>,
  atS: () => number | null,
): (tab: Pick<Tab, 'listen'>) => void {
  const { warnings } = journal.soFar();
  const knownOf = (...codes: readonly RecordingWarning['code'][]) =>
    new Set(warnings.filter(({ code }) => codes.includes(code)).map(({ message }) => message));
  const told = {
    warning: { known: knownOf(...WARNING_CODES), most: MOST_WARNINGS },
    error_told: { known: knownOf('page_console_error'), most: MOST_ERRORS },
    address_refused: { known: knownOf('address_refused'), most: MOST_REFUSALS },
  };
  const noteLeftOut = leftOutReport(journal, atS);
  return (tab) =>
    tab.listen((signal) => {
      if (signal.type === 'left_out') noteLeftOut(signal.count);
      if (!isTold(signal)) return;
      const { known, most } = told[signal.type];
      if (known.size >= most) return;
      const message = journal.redacted(signal.message);
      if (known.has(message)) return;
      known.add(message);
      journal.warn({ code: codeOf(signal), message, at_s: atS() });
    });
}

type Told = Extract<TabSignal, { type: 'warning' | 'error_told' | 'address_refused' }>;

function isTold(signal: TabSignal): signal is Told {
  return ['warning', 'error_told', 'address_refused'].includes(signal.type);
}

function codeOf(signal: Told): RecordingWarning['code'] {
  if (signal.type === 'warning') return signal.code;
  return signal.type === 'error_told' ? 'page_console_error' : 'address_refused';
}

/** Makes the function that warns of how much a page told that was left out, and again when it is ten times as much. */
function leftOutReport(journal: Pick<Journal, 'warn'>, atS: () => number | null): (count: number) => void {
  let leftOut = 0;
  let warnedOf = 0;
  let fromS: number | null = null;
  return (count) => {
    leftOut += count;
    if (leftOut < warnedOf * TENFOLD) return;
    if (warnedOf === 0) fromS = atS();
    warnedOf = leftOut;
    const message = `The page told more than is taken: at least ${leftOut} of its lines and warnings were left out`;
    const untilS = atS();
    journal.warn({
      ...{ code: 'page_told_too_much', message, at_s: fromS },
      ...(untilS === null ? {} : { until_s: untilS }),
    });
  };
}
