import type { TranscriptFile } from '../../shared/events/recordingEvents.ts';
import type { NewFile, Storage, StoredFile } from '../storage/storage.ts';
import { type Transcript, toJson, toVtt } from './writeTranscript.ts';

/** A worker that was lost while it stored a file may have left one that cannot be written over. */
const MOST_NAMES = 3;

const FORMATS = [
  { format: 'vtt', mediaType: 'text/vtt', write: toVtt },
  { format: 'json', mediaType: 'application/json', write: toJson },
] as const;

/**
 * Stores a transcript as files of this name, without the extension: all of them or none. What was stored before one fails goes to
 * `remove`. Throws storage_failed.
 */
export async function storeTranscript(
  storage: Storage,
  name: string,
  transcript: Transcript,
  remove: (files: readonly TranscriptFile[]) => Promise<void>,
): Promise<TranscriptFile[]> {
  const files: TranscriptFile[] = [];
  try {
    for (const { format, mediaType, write } of FORMATS) {
      const { location, sizeBytes } = await storeText(
        storage,
        name,
        { format, mediaType },
        write(transcript),
      );
      files.push({ format, file: location, media_type: mediaType, size_bytes: sizeBytes });
    }
  } catch (error) {
    await remove(files); // the next try takes other names, and nobody would know of these
    throw error;
  }
  return files;
}

async function storeText(
  storage: Storage,
  name: string,
  { format, mediaType }: { readonly format: string; readonly mediaType: string },
  text: string,
): Promise<StoredFile> {
  const sink = await openUnder(storage, (number) => ({
    key: `${name}${number === 1 ? '' : `-${number}`}.${format}`,
    mediaType,
  }));
  try {
    await sink.write(Buffer.from(text), 0);
    return await sink.finish(null);
  } catch (error) {
    await sink.abort().catch(() => {}); // the caller needs the first error
    throw error;
  }
}

/** Opens the first of several names that is free. */
async function openUnder(storage: Storage, fileOf: (number: number) => NewFile) {
  for (let number = 1; ; number++) {
    try {
      return await storage.open(fileOf(number));
    } catch (error) {
      if (number === MOST_NAMES) throw error;
    }
  }
}
