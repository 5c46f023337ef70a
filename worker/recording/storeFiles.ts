import type { RecordingResult } from '../../shared/events/recordingEvents.ts';
import type { CaptureStats } from '../../shared/recorder/recorderMessages.ts';
import type { RecordingRequest } from '../../shared/request/recordingRequest.ts';
import type { Capture } from '../capture/openCapture.ts';
import type { Outputs } from '../outputs/createOutputs.ts';
import { type Content, type FinishedFile, finishOutputs } from '../outputs/finishOutputs.ts';
import type { RecordingError } from '../recordingError.ts';
import { failureOf } from './buildResult.ts';
import type { Journal, JournalEnd } from './journal.ts';
import { measureFile } from './measureFile.ts';
import { warnOfFailedOutputs } from './outputWarnings.ts';

/**
 * Ends the capture and completes every output. If the capture or an output has failed, the recorder does not
 * know what of its work has arrived, so the file itself is read.
 */
export async function storeFiles(
  request: RecordingRequest,
  capture: Capture,
  outputs: Outputs,
): Promise<FinishedFile[]> {
  const stats = await capture.stop();
  const { failure, encodingFailures } = capture.state();
  outputs.noteFailures(encodingFailures);
  return finishOutputs(outputs.all, async (output) => {
    const told = contentTold(stats, outputs.encodingIndexOf(output));
    if (failure === null && output.failure() === null) return told;
    const measured = output.sink && (await measureFile(output.sink.localPath));
    return measured ? contentMeasured(measured, request) : { ...told, durationS: 0 };
  });
}

/** What the recorder reports about an encoding. */
function contentTold(stats: CaptureStats, index: number): Content {
  const counts = stats.encodings[index] ?? stats;
  return { frames: counts.frames, droppedFrames: counts.droppedFrames, durationS: stats.durationS };
}

/** Each slot of the timeline without a picture of its own counts as dropped. */
function contentMeasured(
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
  return endWith(journal, reason, outputs, files, null);
}

/** The recording has failed where the call or its capture has, or where no output could be stored. */
export function endWith(
  journal: Journal,
  reason: JournalEnd['reason'],
  outputs: Outputs,
  finished: readonly FinishedFile[],
  failure: RecordingError | null,
): RecordingResult {
  const files = finished.map((file) => ({ ...file, error: file.error && failureOf(file.error) }));
  const [first] = finished;
  const storageError = first?.error && finished.every(({ error }) => error !== null) ? first.error : null;
  const error = failure ?? storageError;
  if (!storageError) warnOfFailedOutputs(outputs, journal);
  return journal.end({ reason: error?.code ?? reason, files, error });
}
