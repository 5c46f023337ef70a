import type { Movie, MovieOptions, Piece } from '../movie.ts';
import { boxAt, boxHeader } from './boxes.ts';
import { boxStream } from './boxStream.ts';
import { fragmentedFileType } from './makeFront.ts';
import { type Mp4Log, mp4Log } from './mp4Log.ts';

/**
 * The index of one second may need this much: 12 bytes for each picture (its size, and at worst a duration of
 * its own), 47 packets of sound with 4 bytes each, and 200 bytes for chunks and key frames.
 */
const PICTURE_BYTES = 12;
const SECOND_BYTES = 47 * 4 + 200;
/** The room is a whole number of pages, because a file system keeps free only those. */
const PAGE_BYTES = 4096;

/**
 * An MP4 that is made of fragments while it is unfinished, as it comes from the recorder page. At its front,
 * room is kept free for the index of all samples. On most file systems, this room takes no space on the disk.
 */
export function createMp4Movie(options: MovieOptions): Movie {
  return mp4Movie(mp4Log(), options);
}

/** The same, going on with what the log knows. */
export function mp4Movie(log: Mp4Log, options: MovieOptions): Movie {
  let stream = boxStream();
  let moof: Buffer | null = null;

  function takeBox(box: Buffer): Piece[] {
    const type = boxAt(box, 0)?.type;
    if (type === 'moov') return takeHeader(box);
    if (type === 'moof') moof = box;
    if (type !== 'mdat' || moof === null) return []; // only mfra and ftyp are left, which are of no use here
    const fragment = Buffer.concat([moof, box]);
    const headerBytes = moof.length + (boxAt(box, 0)?.contentStart ?? 0);
    moof = null;
    const position = log.sizeBytes();
    log.addFragment(fragment, position);
    return [{ bytes: fragment, position, headerBytes }];
  }

  function takeHeader(moov: Buffer): Piece[] {
    const position = log.sizeBytes();
    if (position > 0) {
      const change = log.changeHeader(moov);
      return change ? [{ bytes: change, position, headerBytes: change.length }] : [];
    }
    const used = fragmentedFileType().length + moov.length;
    const needed =
      PAGE_BYTES + options.maxDurationS * (options.framesPerSecond * PICTURE_BYTES + SECOND_BYTES);
    const frontBytes = Math.ceil((used + needed) / PAGE_BYTES) * PAGE_BYTES;
    log.begin(moov, frontBytes);
    const free = boxHeader('free', frontBytes - used);
    const front = Buffer.concat([fragmentedFileType(), moov, free]);
    // The last byte gives the file its length, so that the next piece does not leave a gap behind its end.
    return [
      { bytes: front, position: 0, headerBytes: front.length },
      { bytes: Buffer.alloc(1), position: frontBytes - 1 },
    ];
  }

  return {
    beginSegment: () => {
      stream = boxStream();
      moof = null;
    },
    take: (bytes, position) => stream.take(bytes, position).flatMap(takeBox),
    skipTo: (position) => {
      const from = log.sizeBytes();
      if (from === 0) throw new Error(`the file has no header, so nobody can go on behind byte ${position}`);
      const gap = boxHeader('free', Math.max(position - from, 8));
      log.skipTo(Math.max(position, from + 8));
      return [{ bytes: gap, position: from, headerBytes: gap.length }];
    },
    written: log.written,
    sizeBytes: log.sizeBytes,
    heldBytes: log.heldBytes,
    ending: log.ending,
  };
}
