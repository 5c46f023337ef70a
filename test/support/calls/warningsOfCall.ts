import type { RecordingWarning } from '../../../shared/events/recordingEvents.ts';

/** What a published SDK writes to the console, and how fast its page paints, depends on how busy the machine is. */
const OF_THE_MACHINE = new Set<RecordingWarning['code']>(['page_console_error', 'page_slow']);

/** The codes of the warnings that tell of the call itself, in the order of the alphabet. */
export function warningsOfCall(warnings: readonly RecordingWarning[]): string[] {
  return warnings
    .map(({ code }) => code)
    .filter((code) => !OF_THE_MACHINE.has(code))
    .sort();
}
