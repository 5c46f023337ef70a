import type { PictureFormat, RecordedEncoding } from '../../../shared/recorder/recorderCalls.ts';
import type { PictureCounts } from '../../../shared/recorder/recorderMessages.ts';
import { createSlotEncoder, type SlotEncoder } from './createSlotEncoder.ts';
import { type Movie, openMovie } from './openMovie.ts';

/**
 * One file of the recording, with encoders of its own. If its writer or an encoder fails, it reports this
 * once, stops encoding to save the cost, and takes nothing more. Its functions do not throw for such a
 * failure.
 */
export interface Encoding extends TakesSound {
  /**
   * Starts the video encoder, whose first picture goes to this slot. The file has pictures up to `writtenS`, in
   * seconds of the timeline. Call it once, when the first picture has arrived.
   */
  startPictures(firstSlot: number, writtenS: number): SlotEncoder;
  /** Takes a picture that was encoded elsewhere. */
  addPicture: Movie['addPicture'];
  counts(): PictureCounts;
  /** Completes the file after the pictures are finished. Resolves when its last byte was taken. */
  finish(): Promise<void>;
}

export interface TakesSound {
  /**
   * Takes interleaved stereo at 48 kHz that begins this many seconds after the start. If a promise is returned, it
   * resolves once the encoder has taken the samples.
   */
  addSound(samples: Float32Array, atS: number): unknown;
}

export async function openEncoding(given: {
  encoding: RecordedEncoding;
  picture: PictureFormat;
  audioOnly: boolean;
  /** Takes bytes for a position in the file. Resolves when it can take more. */
  write: (bytes: Uint8Array, position: number) => Promise<void>;
  onFailed: (error: unknown) => void;
}): Promise<Encoding> {
  const { encoding, picture } = given;
  let pictures: SlotEncoder | null = null;
  let hasFailed = false;
  const movie = await openMovie({ ...given, write, onError: fail });

  /** The movie learns of a failed write only with its next write, which may be seconds later. */
  async function write(bytes: Uint8Array, position: number): Promise<void> {
    try {
      await given.write(bytes, position);
    } catch (error) {
      fail(error);
      throw error;
    }
  }

  function fail(error: unknown): void {
    if (hasFailed) return;
    hasFailed = true;
    pictures?.close();
    movie.cancel();
    given.onFailed(error);
  }

  return {
    startPictures: (firstSlot, writtenS) => {
      pictures = createSlotEncoder({ picture, encoding, movie, firstSlot, writtenS, onError: fail });
      return pictures;
    },
    addPicture: (...picture) => {
      if (!hasFailed) movie.addPicture(...picture);
    },
    addSound: (samples, atS) => (hasFailed ? undefined : movie.addSound(samples, atS)),
    counts: () => pictures?.counts() ?? { frames: 0, droppedFrames: 0 },
    finish: async () => {
      if (!hasFailed) await movie.finish().catch(fail);
    },
  };
}
