import { access } from 'node:fs/promises';
import type { RecordedFile } from '../../shared/events/recordingEvents.ts';
import { holdsMedia } from '../movie/holdsMedia.ts';
import { RecordingError } from '../recordingError.ts';
import type { Sink } from '../storage/storage.ts';
import type { Output } from './output.ts';

/** What an output's file holds. */
export interface Content {
  readonly frames: number;
  readonly droppedFrames: number;
  readonly durationS: number;
}

/** An output that is finished, before it becomes part of a result. */
export type FinishedFile = Omit<RecordedFile, 'error'> & { readonly error: RecordingError | null };

/**
 * Completes every output that holds anything, each independently of the others. `contentOf` tells what an
 * output's file holds. It is called while the file is still on this machine.
 */
export function finishOutputs(
  outputs: readonly Output[],
  contentOf: (output: Output, index: number) => Promise<Content>,
): Promise<FinishedFile[]> {
  return Promise.all(outputs.map((output, index) => finishOne(output, () => contentOf(output, index))));
}

async function finishOne(output: Output, readContent: () => Promise<Content>): Promise<FinishedFile> {
  const { request, mediaType, sink } = output;
  const nothing = { size_bytes: 0, duration_s: 0, frames: 0, dropped_frames: 0 };
  const base = { name: request.name, file: null, media_type: mediaType, ...nothing };
  if (sink === null) return { ...base, error: output.failure() };
  try {
    // Only what was written decides, because what a recorder told may be wrong.
    if (!holdsMedia(await output.written())) return { ...base, error: output.failure() };
    const content = await readContent();
    const figures = {
      duration_s: Math.round(content.durationS * 1000) / 1000,
      frames: content.frames,
      dropped_frames: content.droppedFrames,
    };
    const stored = await output.finish();
    const file = { file: stored.location, size_bytes: stored.sizeBytes };
    return { ...base, ...file, ...figures, error: output.failure() };
  } catch (error) {
    return { ...base, error: await keep(sink, output.fail(error)) };
  }
}

/** Keeps an unfinished file, and returns the error with its place. */
async function keep(sink: Sink, error: RecordingError): Promise<RecordingError> {
  await sink.close().catch(() => {}); // the error that came before says more
  const isThere = await access(sink.localPath).then(
    () => true,
    () => false,
  );
  if (!isThere || error.message.includes(sink.localPath)) return error;
  const message = `${error.message}; what was recorded is kept at ${sink.localPath}`;
  return new RecordingError(error.code, message, { cause: error });
}
