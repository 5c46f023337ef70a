import type { RecordedFile } from '../../shared/events/recordingEvents.ts';
import type { RecordingError } from '../recordingError.ts';
import type { Content, Output } from './output.ts';

/** An output that is finished, before it becomes part of a result. */
export type FinishedFile = Omit<RecordedFile, 'error'> & { readonly error: RecordingError | null };

/**
 * Completes every output that holds anything, each independently of the others. `contentOf` tells what an
 * output's file holds. It is called while the file is still on this machine. `onStored` is called after each: what it
 * writes down tells a later worker that the file is there. An output that is stored already is only told of.
 */
export function finishOutputs(
  outputs: readonly Output[],
  contentOf: (output: Output, index: number) => Promise<Content>,
  onStored: () => Promise<void> = async () => {},
): Promise<FinishedFile[]> {
  return Promise.all(
    outputs.map((output, index) => finishOne(output, () => contentOf(output, index), onStored)),
  );
}

async function finishOne(
  output: Output,
  readContent: () => Promise<Content>,
  onStored: () => Promise<void>,
): Promise<FinishedFile> {
  const { request, mediaType, sink } = output;
  const nothing = { size_bytes: 0, duration_s: 0, frames: 0, dropped_frames: 0 };
  const base = { name: request.name, file: null, media_type: mediaType, ...nothing };
  const earlier = output.stored();
  if (sink === null && earlier === null) return { ...base, error: output.failure() };
  const content = earlier?.content ?? (await readContent());
  // Before the first picture, a file holds at most its header.
  if (earlier === null && (content.durationS === 0 || sink?.sizeBytes() === 0))
    return { ...base, error: output.failure() };
  const figures = {
    duration_s: Math.round(content.durationS * 1000) / 1000,
    frames: content.frames,
    dropped_frames: content.droppedFrames,
  };
  try {
    const stored = earlier ?? (await output.finish(content));
    if (earlier === null) await onStored();
    const file = { file: stored.location, size_bytes: stored.sizeBytes };
    return { ...base, ...file, ...figures, error: output.failure() };
  } catch (error) {
    return { ...base, error: output.fail(error) };
  }
}
