import type { RecordingWarning } from '../../shared/events/recordingEvents.ts';
import type { Snapshot } from './snapshot.ts';

const BLANK_AFTER_S = 3;
const SLOW_AFTER_MS = 4_000;

type Finding = Pick<RecordingWarning, 'code' | 'message'>;

/** What is amiss right now without being a reason to end: each is told once, and again when it comes back. */
export function findWarnings({ nowMs, tab, capture }: Snapshot): Finding[] {
  const findings: Finding[] = tab.warnings.map(({ code, message }) => ({
    code,
    message,
  }));
  if (capture.stats.blankForS >= BLANK_AFTER_S) {
    findings.push({
      code: 'picture_blank',
      message: `The picture has been one flat colour for ${BLANK_AFTER_S} s`,
    });
  }
  if (tab.probeDueSinceMs !== null && nowMs - tab.probeDueSinceMs >= SLOW_AFTER_MS) {
    findings.push({
      code: 'page_slow',
      message: `The page has not painted for ${SLOW_AFTER_MS / 1000} s`,
    });
  }
  return findings;
}
