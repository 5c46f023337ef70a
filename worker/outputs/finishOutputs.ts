import type { RecordedFile } from '../../shared/events/recordingEvents.ts';
import { exists } from '../exists.ts';
import { holdsMedia } from '../movie/holdsMedia.ts';
import { RecordingError } from '../recordingError.ts';
import type { Sink, StoredFile } from '../storage/storage.ts';
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
  if (earlier)
    return { ...base, ...partOf(earlier, earlier.content ?? (await readContent())), error: output.failure() };
  if (sink === null) return { ...base, error: output.failure() };
  try {
    // Only what was written decides, because what a recorder told may be wrong.
    if (!holdsMedia(await output.written())) return { ...base, error: output.failure() };
    const content = await readContent();
    const stored = await output.finish(content);
    await onStored();
    return { ...base, ...partOf(stored, content), error: output.failure() };
  } catch (error) {
    return { ...base, error: await keep(sink, output.fail(error)) };
  }
}

function partOf({ location, sizeBytes }: StoredFile, { durationS, frames, droppedFrames }: Content) {
  return {
    file: location,
    size_bytes: sizeBytes,
    duration_s: Math.round(durationS * 1000) / 1000,
    frames,
    dropped_frames: droppedFrames,
  };
}

/** Keeps an unfinished file, and returns the error with its place. */
async function keep(sink: Sink, error: RecordingError): Promise<RecordingError> {
  await sink.close().catch(() => {}); // the error that came before says more
  if (!(await exists(sink.localPath)) || error.message.includes(sink.localPath)) return error;
  const message = `${error.message}; what was recorded is kept at ${sink.localPath}`;
  return new RecordingError(error.code, message, { cause: error });
}
