import type { RecordingWarning } from '../../shared/events/recordingEvents.ts';
import type { Journal } from './journal.ts';

/** What these warn of lasts until it is over. */
const LASTING = ['picture_blank', 'page_slow', 'call_interrupted', 'storage_waiting'] as const;

/** Something that is amiss right now. A list of findings has each code at most once. */
export interface LastingFinding {
  readonly code: (typeof LASTING)[number];
  /** What is amiss, as the beginning of a sentence that ends with the times. */
  readonly what: string;
  /** For how long it has been so. */
  readonly forS: number;
}

/** Tells of things that last: once when they are noticed, and once more, with the end, when they are over. */
export function createLastingWarnings(
  journal: Pick<Journal, 'warn'>,
): (findings: readonly LastingFinding[], atS: number) => void {
  const current = new Map<LastingFinding['code'], { readonly what: string; readonly fromS: number }>();
  return (findings, atS) => {
    for (const { code, what, forS } of findings) {
      if (current.has(code)) continue;
      const fromS = rounded(Math.max(0, atS - forS));
      current.set(code, { what, fromS });
      journal.warn({ code, message: `${what} from ${fromS} s`, at_s: fromS });
    }
    for (const [code, { what, fromS }] of current) {
      if (findings.some((finding) => finding.code === code)) continue;
      current.delete(code);
      const untilS = rounded(Math.max(fromS, atS));
      const message = `${what} from ${fromS} s to ${untilS} s`;
      journal.warn({ code, message, at_s: fromS, until_s: untilS });
    }
  };
}

/**
 * Tells the end of all that lasted when another worker stopped recording, at `atS`. What lasts on is noticed anew by the
 * worker that goes on.
 */
export function endLastingWarnings(journal: Pick<Journal, 'warn' | 'soFar'>, atS: number): void {
  const isLasting = (code: RecordingWarning['code']) => (LASTING as readonly string[]).includes(code);
  for (const warning of journal.soFar().warnings) {
    const { code, message, at_s, until_s } = warning;
    if (!isLasting(code) || at_s === null || until_s !== undefined) continue;
    const untilS = rounded(Math.max(at_s, atS));
    journal.warn({ ...warning, message: `${message} to ${untilS} s`, until_s: untilS });
  }
}

/** To a tenth of a second: the picture and the page are looked at once a second. */
function rounded(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
