import type { RecordingRequest } from '../../shared/request/recordingRequest.ts';
import type { Outputs } from '../outputs/createOutputs.ts';
import { type Journal, openPause } from './journal.ts';

/**
 * Notes that nothing is recorded from where the shortest file ends now, or from `lostAtS` on where that is earlier. If
 * nothing has been recorded since the last interruption, that one lasts. Nothing is missing of a recording that is paused.
 */
export function noteInterruption(
  journal: Pick<Journal, 'interrupted' | 'soFar'>,
  outputs: WrittenOutputs,
  request: Pick<RecordingRequest, 'audioOnly'>,
  why: string,
  lostAtS: number | null = null,
): void {
  if (isInterrupted(journal) || openPause(journal.soFar()) !== null) return;
  const endS = endOfShortest(outputs, request);
  journal.interrupted(Math.min(endS, lostAtS ?? endS), why);
}

type WrittenOutputs = Pick<Outputs, 'all' | 'encodingIndexOf' | 'writtenUntil'>;

/** Where the shortest file ends of those that go on, in seconds of the recording; 0 where none does. */
export function endOfShortest(
  outputs: WrittenOutputs,
  { audioOnly }: Pick<RecordingRequest, 'audioOnly'>,
): number {
  const written = outputs.writtenUntil();
  const alive = outputs.all.filter((output) => output.failure() === null);
  const ends = alive.flatMap((output) => written[outputs.encodingIndexOf(output)] ?? []);
  if (ends.length === 0) return 0;
  return Math.min(...ends.map(({ videoS, audioS }) => (audioOnly ? audioS : videoS)));
}

/** Whether nothing has been recorded since the last interruption. */
export function isInterrupted(journal: Pick<Journal, 'soFar'>): boolean {
  return journal.soFar().gaps.at(-1)?.untilS === null;
}
