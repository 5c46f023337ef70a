import type { Ending } from '../../storage/storage.ts';
import type { Written } from '../movie.ts';
import { boxAt, boxHeader } from './boxes.ts';
import { makeFront } from './makeFront.ts';
import { type IndexedTrack, makeMoov } from './makeMoov.ts';
import { readFragment } from './readFragment.ts';
import { readHeader, type TrackHeader } from './readHeader.ts';
import { createTrackIndex, type TrackIndex } from './trackIndex.ts';

/** A box that holds the `moov` of a segment whose decoders are configured otherwise than those before. */
const HEADER_CHANGE = 'skip';
const LARGEST_UINT32 = 0xffff_ffff;
/** A fragment's number is in its `mfhd`, the first box of its `moof`: behind two headers, version and flags. */
const FRAGMENT_NUMBER_AT = 8 + 8 + 4;

/** What is known of the file: its header, and where each sample is. */
export interface Mp4Log {
  sizeBytes(): number;
  heldBytes(): number;
  written(): Written;
  /** Takes the `moov` of the first segment, and how many bytes there are before the media. */
  begin(moov: Buffer, frontBytes: number): void;
  /**
   * Takes the `moov` of a later segment. If its decoders are configured otherwise, returns the box that must be
   * written at the end of the file, so that this can be read back; else null.
   */
  changeHeader(moov: Buffer): Buffer | null;
  /** Takes a box of that kind, which is in the file at its end. */
  noteHeaderChange(box: Buffer): void;
  /**
   * Takes a `moof`, which is in the file at its end or will be written there, and gives it its number. The
   * media follows it directly; `bytes` may hold it or not.
   */
  addFragment(bytes: Buffer, position: number, mediaBytes?: number): void;
  /** Nothing that belongs to the movie lies before that position any more. */
  skipTo(position: number): void;
  ending(): Ending | null;
}

interface LoggedTrack extends TrackHeader {
  readonly index: TrackIndex;
  readonly known: Buffer[];
}

export function mp4Log(): Mp4Log {
  let header: Buffer | null = null;
  let current: TrackHeader[] = [];
  let tracks: LoggedTrack[] = [];
  let frontBytes = 0;
  let sizeBytes = 0;
  let fragments = 0;

  function learnHeader(moov: Buffer): void {
    const read = readHeader(moov, wholeBox(moov));
    for (const track of tracks) {
      const now = read.find(({ id }) => id === track.id);
      if (now?.timescale !== track.timescale || now.mediaTime !== track.mediaTime)
        throw new Error(`the track ${track.id} is measured otherwise than before`);
      for (const description of now.descriptions)
        if (!track.known.some((one) => one.equals(description))) track.known.push(description);
    }
    current = read;
  }

  function written(): Written {
    const endS = (kind: 'video' | 'audio') => {
      const track = tracks.find((one) => one.kind === kind);
      return track ? (track.index.endTime() - track.mediaTime) / track.timescale : 0;
    };
    const frames = tracks.find(({ kind }) => kind === 'video')?.index.sizes.length ?? 0;
    return { videoS: Math.max(0, endS('video')), audioS: Math.max(0, endS('audio')), frames };
  }

  return {
    sizeBytes: () => sizeBytes,
    heldBytes: () => (header ? sizeBytes - frontBytes + header.length : 0),
    written,
    begin: (moov, front) => {
      header = Buffer.from(moov);
      frontBytes = front;
      sizeBytes = front;
      current = readHeader(header, wholeBox(header));
      tracks = current.map((track) => ({
        ...track,
        known: [...track.descriptions],
        index: createTrackIndex(),
      }));
    },
    changeHeader: (moov) => {
      const read = readHeader(moov, wholeBox(moov));
      const isSame = read.every(({ descriptions }, at) =>
        descriptions.every((one, index) => current[at]?.descriptions[index]?.equals(one)),
      );
      if (isSame) return null;
      learnHeader(moov);
      const change = Buffer.concat([boxHeader(HEADER_CHANGE, 8 + moov.length), moov]);
      sizeBytes += change.length;
      return change;
    },
    noteHeaderChange: (box) => {
      learnHeader(Buffer.from(box.subarray(8)));
      sizeBytes += box.length;
    },
    addFragment: (bytes, position, mediaBytes = 0) => {
      bytes.writeUInt32BE(fragments + 1, FRAGMENT_NUMBER_AT);
      const moof = wholeBox(bytes);
      for (const { trackId, offset, startTime, samples } of readFragment(bytes, moof, current)) {
        const track = tracks.find(({ id }) => id === trackId) as LoggedTrack;
        const now = current.find(({ id }) => id === trackId)?.descriptions[0] as Buffer;
        const description = track.known.findIndex((one) => one.equals(now)) + 1;
        track.index.addChunk({ offset: position + offset, startTime, description, samples });
      }
      fragments++;
      sizeBytes = position + bytes.length + mediaBytes;
    },
    skipTo: (position) => {
      sizeBytes = position;
    },
    ending: () => {
      if (header === null || fragments === 0) return null;
      const moovOfFile = header;
      return {
        replacesBytes: frontBytes,
        build: (wanted) => {
          const moov = makeMoov(moovOfFile, tracks.map(indexed), 2 * frontBytes + sizeBytes > LARGEST_UINT32);
          return makeFront({ moov, sizeBytes, mediaStart: frontBytes, frontBytes: wanted });
        },
      };
    },
  };
}

function indexed({ id, timescale, mediaTime, known, index }: LoggedTrack): IndexedTrack {
  return { id, timescale, mediaTime, descriptions: known, index };
}

function wholeBox(bytes: Buffer) {
  const box = boxAt(bytes, 0);
  if (box === null) throw new Error('the bytes are no box');
  return box;
}
