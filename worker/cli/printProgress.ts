import type { RecordingEvent } from '../../shared/events/recordingEvents.ts';
import { onOneLine } from './printable.ts';

/**
 * Tells a person how a recording proceeds: on a terminal in one line that is overwritten, else in one line
 * per phase.
 */
export function printProgress(): (event: RecordingEvent) => void {
  const { stderr } = process;
  let phase = 'queued';
  const line = (text: string) => stderr.write(stderr.isTTY ? `\r\x1b[2K${text}` : `${text}\n`);
  return (event) => {
    if (event.type === 'call.recording_phase') {
      phase = event.phase.replaceAll('_', ' ');
      line(phase);
    }
    if (event.type === 'call.recording_progress') {
      const { elapsed_s, frames, dropped_frames, size_bytes } = event;
      const megabytes = (size_bytes / 1e6).toFixed(1);
      line(
        `${phase}  ${elapsed_s.toFixed(0)} s  ${frames} frames  ${dropped_frames} dropped  ${megabytes} MB`,
      );
    }
    if (event.type === 'call.recording_warning')
      stderr.write(`\nwarning: ${onOneLine(event.warning.message)}\n`);
    if ('result' in event) stderr.write('\n');
  };
}
