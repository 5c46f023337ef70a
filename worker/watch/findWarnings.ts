import type { RecordingWarning } from '../../shared/events/recordingEvents.ts';
import { blankForS } from './blankForS.ts';
import type { Snapshot } from './snapshot.ts';

const BLANK_AFTER_S = 3;
const SLOW_AFTER_MS = 4_000;

/** Something that is amiss right now without being a reason to end. */
export interface Finding {
  readonly code: Extract<RecordingWarning['code'], 'picture_blank' | 'page_slow' | 'call_interrupted'>;
  /** What is amiss, as the beginning of a sentence that ends with the times. */
  readonly what: string;
  /** For how long it has been so. */
  readonly forS: number;
}

/** What is amiss right now, at most once for each code. */
export function findWarnings({ nowMs, tab, capture }: Snapshot): Finding[] {
  const findings: Finding[] = [];
  const isBlankFromStart = capture.begun?.startsBlank === true && capture.stats.durationS < BLANK_AFTER_S;
  if (blankForS(capture) >= BLANK_AFTER_S)
    findings.push({ code: 'picture_blank', what: BLANK, forS: blankForS(capture) });
  else if (isBlankFromStart && (capture.stats.durationS === 0 || capture.stats.blankForS > 0))
    findings.push({ code: 'picture_blank', what: BLANK, forS: capture.stats.durationS });
  if (tab.probeDueSinceMs !== null && nowMs - tab.probeDueSinceMs >= SLOW_AFTER_MS)
    findings.push({
      code: 'page_slow',
      what: 'The page did not paint',
      forS: (nowMs - tab.probeDueSinceMs) / 1000,
    });
  if (tab.connectionLostSinceMs !== null)
    findings.push({
      code: 'call_interrupted',
      what: 'The page had no connection to the call',
      forS: (nowMs - tab.connectionLostSinceMs) / 1000,
    });
  return findings;
}

const BLANK = 'The picture was one flat colour';
