import type { Movie } from './movie.ts';

/** What the file will hold, as far as it is known before. */
export interface MovieOptions {
  readonly container: 'mp4' | 'webm';
  readonly framesPerSecond: number;
  readonly maxDurationS: number;
}

/** A file that begins. */
export function createMovie(_options: MovieOptions): Movie {
  let sizeBytes = 0;
  let base = 0;
  return {
    beginSegment: () => {
      base = sizeBytes;
    },
    take: (bytes, position) => {
      sizeBytes = Math.max(sizeBytes, base + position + bytes.byteLength);
      return [{ bytes, position: base + position }];
    },
    written: () => ({ videoS: 0, audioS: 0, frames: 0 }),
    sizeBytes: () => sizeBytes,
    heldBytes: () => sizeBytes,
    truncate: (toBytes) => {
      sizeBytes = toBytes;
    },
    ending: () => null,
  };
}
