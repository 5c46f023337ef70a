import type { RecordingResult } from '../../shared/events/recordingEvents.ts';
import type { RecordingRequest } from '../../shared/request/recordingRequest.ts';
import type { Outputs } from '../outputs/createOutputs.ts';
import { type FinishedFile, finishOutputs } from '../outputs/finishOutputs.ts';
import type { Content, Output } from '../outputs/output.ts';
import type { RecordingError } from '../recordingError.ts';
import { failureOf } from './buildResult.ts';
import type { Journal, JournalEnd } from './journal.ts';
import type { ToldFigures } from './keepManifest.ts';
import { warnOfFailedOutputs } from './outputWarnings.ts';

/**
 * Completes every output. If a recorder or a worker was lost, or an output has failed, nobody knows from the
 * recorder what has arrived, so the figures are taken from the bytes that were written, as long as they are here.
 * `onStored` is as in finishOutputs.
 */
export async function storeFiles(
  request: RecordingRequest,
  outputs: Outputs,
  told: ToldFigures,
  onStored: () => Promise<void>,
): Promise<FinishedFile[]> {
  await outputs.endSegment();
  const readContent = async (output: Output) => {
    const index = outputs.encodingIndexOf(output);
    const counts = told.encodings[index];
    const isKnown = output.stored() !== null || (told.isExact && output.failure() === null);
    if (isKnown && counts) return { ...counts, durationS: told.durationS };
    const { frames, videoS, audioS } = await output.written();
    return contentOf({ frames, durationS: request.audioOnly ? audioS : videoS }, request);
  };
  return finishOutputs(outputs.all, readContent, onStored);
}

/** Each slot of the timeline without a picture of its own counts as dropped. */
function contentOf(
  { frames, durationS }: { frames: number; durationS: number },
  { audioOnly, picture }: RecordingRequest,
): Content {
  const slots = audioOnly ? 0 : Math.round(durationS * picture.framesPerSecond);
  return { frames, durationS, droppedFrames: Math.max(0, slots - frames) };
}

/** Ends a recording in which nothing was recorded: every output is in the result, without a file. */
export async function endWithout(
  journal: Journal,
  reason: JournalEnd['reason'],
  outputs: Outputs,
): Promise<RecordingResult> {
  const files = await finishOutputs(outputs.all, async () => ({ frames: 0, droppedFrames: 0, durationS: 0 }));
  return endWith(journal, { reason }, outputs, files, null);
}

/** The recording has failed where the call or its capture has, or where no output could be stored. */
export function endWith(
  journal: Journal,
  { reason, ...end }: Pick<JournalEnd, 'reason' | 'endedAtUnixMs'>,
  outputs: Outputs,
  finished: readonly FinishedFile[],
  failure: RecordingError | null,
): RecordingResult {
  const files = finished.map((file) => ({ ...file, error: file.error && failureOf(file.error) }));
  const [first] = finished;
  const storageError = first?.error && finished.every(({ error }) => error !== null) ? first.error : null;
  const error = failure ?? storageError;
  if (!storageError) warnOfFailedOutputs(outputs, journal);
  return journal.end({ ...end, reason: error?.code ?? reason, files, error });
}
