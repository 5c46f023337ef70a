import type { EncodingProfile } from '../../shared/encoding/encodingProfile.ts';
import type { ByteWriter } from '../capture/openCapture.ts';
import type { Movie, Piece, Written } from '../movie/movie.ts';
import type { Output } from './output.ts';

/** The outputs of one encoding. They share one encoder and hold the same bytes. */
export interface EncodingGroup {
  readonly encoding: EncodingProfile;
  readonly outputs: readonly Output[];
  beginSegment(): ByteWriter;
  /** The writer takes nothing more. Resolves once everything that it took is written. */
  endSegment(): Promise<void>;
  written(): Written;
  /** How many bytes the outputs hold together. */
  heldBytes(): number;
}

export function encodingGroup(
  encoding: EncodingProfile,
  outputs: readonly Output[],
  movie: Movie,
): EncodingGroup {
  let segment = 0;
  let writing: Promise<unknown> = Promise.resolve();

  async function writeToEach({ bytes, position, headerBytes }: Piece): Promise<void> {
    const alive = outputs.filter((output) => output.failure() === null);
    await Promise.all(
      alive.map((output) =>
        output.sink?.write(bytes, position, headerBytes).catch((error) => output.fail(error)),
      ),
    );
  }

  function refuseIfAllFailed(): void {
    const failure = outputs[0]?.failure();
    if (failure && outputs.every((output) => output.failure())) throw failure;
  }

  function beginSegment(): ByteWriter {
    const ownSegment = ++segment;
    movie.beginSegment();
    return {
      write: async (bytes, position) => {
        if (segment !== ownSegment) throw new Error('the segment is over, and its writer takes nothing more');
        refuseIfAllFailed();
        const pieces = movie.take(bytes, position);
        writing = writing.then(async () => {
          for (const piece of pieces) await writeToEach(piece);
        });
        await writing;
        refuseIfAllFailed();
      },
    };
  }

  return {
    encoding,
    outputs,
    beginSegment,
    endSegment: async () => {
      segment++;
      await writing;
    },
    written: () => movie.written(),
    heldBytes: () => movie.heldBytes() * outputs.filter(({ sink }) => sink !== null).length,
  };
}
