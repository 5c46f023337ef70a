import { type Box, boxIn, childrenOf, makeBox } from './boxes.ts';
import { chunkOffsets, sampleTables } from './sampleTables.ts';
import type { TrackIndex } from './trackIndex.ts';

/** Units of time in a second in which the movie as a whole is measured. */
const MOVIE_TIMESCALE = 1000;
const LARGEST_UINT32 = 0xffff_ffff;

/** A track of the file, as far as it is known. */
export interface IndexedTrack {
  readonly id: number;
  readonly timescale: number;
  readonly mediaTime: number;
  /** All sample descriptions that the chunks refer to. */
  readonly descriptions: readonly Buffer[];
  readonly index: TrackIndex;
}

/** The `moov` of an ordinary file. Its length does not depend on where the chunks are. */
export interface Moov {
  readonly lengthBytes: number;
  /** Its parts, where all chunks have been moved by that many bytes. */
  parts(shiftBytes: number): Buffer[];
}

/** Makes the `moov` of an ordinary file out of that of a fragmented one and of what is known of its samples. */
export function makeMoov(header: Buffer, tracks: readonly IndexedTrack[], wide: boolean): Moov {
  const moov = { type: 'moov', start: 0, contentStart: 8, end: header.length };
  const traks = childrenOf(header, moov).filter(({ type }) => type === 'trak');
  const filled = tracks.map((track, at) => ({
    track,
    trak: traks[at] as Box,
    tables: sampleTables(track.index),
  }));
  const parts = (shiftBytes: number) =>
    makeBox(
      'moov',
      ...movieHeader(header, boxIn(header, moov, 'mvhd'), tracks),
      ...filled.flatMap(({ track, trak, tables }) => {
        const stbl = [...descriptionsOf(track), ...tables, ...chunkOffsets(track.index, shiftBytes, wide)];
        return trakWith(header, trak, track, makeBox('stbl', ...stbl));
      }),
    );
  const lengthBytes = parts(0).reduce((sum, { length }) => sum + length, 0);
  return { lengthBytes, parts };
}

/** How long the track is shown, in the movie's timescale, with the time before its first sample. */
function durationOf({ index, timescale, mediaTime }: IndexedTrack): number {
  return Math.round(((index.endTime() - mediaTime) / timescale) * MOVIE_TIMESCALE);
}

function movieHeader(header: Buffer, mvhd: Box, tracks: readonly IndexedTrack[]): Buffer[] {
  const content = Buffer.from(header.subarray(mvhd.contentStart, mvhd.end));
  if (content[0] !== 0) throw new Error('the mvhd box has a version that a recorder page does not write');
  content.writeUInt32BE(MOVIE_TIMESCALE, 12);
  content.writeUInt32BE(Math.max(...tracks.map(durationOf)), 16);
  return makeBox('mvhd', content);
}

function descriptionsOf({ descriptions }: IndexedTrack): Buffer[] {
  const count = Buffer.alloc(8);
  count.writeUInt32BE(descriptions.length, 4);
  return makeBox('stsd', count, ...descriptions);
}

/** The track's boxes with new durations, edits and tables; all others stay as they are. */
function trakWith(header: Buffer, trak: Box, track: IndexedTrack, stbl: Buffer[]): Buffer[] {
  const rebuild = (box: Box): Buffer[] => {
    switch (box.type) {
      case 'tkhd':
        return [...trackHeader(header, box, track), ...editList(track)];
      case 'edts':
        return [];
      case 'mdhd':
        return mediaHeader(header, box, track);
      case 'stbl':
        return stbl;
      case 'mdia':
      case 'minf':
        return makeBox(box.type, ...childrenOf(header, box).flatMap(rebuild));
      default:
        return [header.subarray(box.start, box.end)];
    }
  };
  return makeBox('trak', ...childrenOf(header, trak).flatMap(rebuild));
}

function trackHeader(header: Buffer, tkhd: Box, track: IndexedTrack): Buffer[] {
  const content = Buffer.from(header.subarray(tkhd.contentStart, tkhd.end));
  if (content[0] !== 0) throw new Error('the tkhd box has a version that a recorder page does not write');
  content.writeUInt32BE(durationOf(track), 20);
  return makeBox('tkhd', content);
}

function mediaHeader(header: Buffer, mdhd: Box, { index }: IndexedTrack): Buffer[] {
  const content = Buffer.from(header.subarray(mdhd.contentStart, mdhd.end));
  const duration = index.endTime() - index.startTime();
  if (content[0] !== 0 || duration > LARGEST_UINT32)
    throw new Error(`the track is too long for its mdhd box: ${duration} units`);
  content.writeUInt32BE(duration, 16);
  return makeBox('mdhd', content);
}

/**
 * Says when the track begins, if that is not with its first sample: later, or with a sample that was only
 * needed to start the decoder.
 */
function editList(track: IndexedTrack): Buffer[] {
  const { index, timescale, mediaTime } = track;
  const emptyUnits = Math.max(0, index.startTime() - mediaTime);
  const empty = Math.round((emptyUnits / timescale) * MOVIE_TIMESCALE);
  const skipped = Math.max(0, mediaTime - index.startTime());
  if (empty === 0 && skipped === 0) return [];
  const edits = [
    ...(empty > 0 ? [{ duration: empty, mediaTime: -1 }] : []),
    { duration: durationOf(track) - empty, mediaTime: skipped },
  ];
  const content = Buffer.alloc(8 + edits.length * 12);
  content.writeUInt32BE(edits.length, 4);
  for (const [at, edit] of edits.entries()) {
    content.writeUInt32BE(edit.duration, 8 + at * 12);
    content.writeInt32BE(edit.mediaTime, 12 + at * 12);
    content.writeUInt16BE(1, 16 + at * 12); // at normal speed
  }
  return makeBox('edts', ...makeBox('elst', content));
}
