import type { PauseMode } from '../../shared/events/recordingEvents.ts';
import type { RecordingRequest } from '../../shared/request/recordingRequest.ts';
import type { Outputs } from '../outputs/createOutputs.ts';
import { type Journal, openPause } from './journal.ts';
import { isInterrupted } from './noteInterruption.ts';

/**
 * Notes that a recording is paused from where its longest file ends, unless it is known to be paused. Nothing is missing
 * from then on: a gap in which the pause was asked for, at `askedAtS`, ends there. The file keeps the time of the gap only
 * where it keeps that of the pause.
 */
export function notePause(
  journal: Pick<Journal, 'paused' | 'resumed' | 'soFar'>,
  outputs: Pick<Outputs, 'goesOnFrom'>,
  { audioOnly }: Pick<RecordingRequest, 'audioOnly'>,
  { mode, askedAtS }: { readonly mode: PauseMode; readonly askedAtS: number },
): void {
  const endsS = outputs.goesOnFrom().map(({ videoS, audioS }) => (audioOnly ? audioS : videoS));
  const writtenS = Math.max(0, ...endsS);
  const keepsGap = mode === 'silence' && isInterrupted(journal);
  const beginsS = keepsGap ? Math.max(writtenS, askedAtS) : writtenS;
  const fromS = openPause(journal.soFar())?.fromS ?? beginsS;
  journal.resumed(fromS);
  journal.paused(fromS, mode);
}
