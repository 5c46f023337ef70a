import type { Ending } from '../../storage/storage.ts';
import type { GrowingNumbers } from '../growingNumbers.ts';
import { type Element, elementsIn, IDS, makeElement, unsigned, unsignedIn } from './elements.ts';
import { sizeLength, type WebMHeader } from './readWebMHeader.ts';

/** Where the clusters are that a player can jump to. */
export interface ClusterIndex {
  /** Positions in the file. */
  readonly positions: GrowingNumbers;
  readonly timesMs: GrowingNumbers;
  readonly trackNumbers: GrowingNumbers;
}

/**
 * Makes an ordinary WebM of one that grew: its header says how long it is and where everything is, and an
 * index of the clusters stands at its end. The header keeps its length.
 */
export function makeWebMEnding(given: {
  readonly header: WebMHeader;
  readonly index: ClusterIndex;
  readonly durationMs: number;
  readonly sizeBytes: number;
}): Ending {
  const { header, sizeBytes } = given;
  return {
    replacesBytes: header.bytes.length,
    build: () => {
      const tail = makeCues(given.index, header.segmentStart);
      const front = Buffer.from(header.bytes);
      const segmentBytes = sizeBytes + tail.length - header.segmentStart;
      writeSize(
        front,
        header.segmentStart - sizeLength(front, header.segmentStart),
        header.segmentStart,
        segmentBytes,
      );
      const elements = elementsIn(front, header.segmentStart, front.length);
      writeDuration(front, elements, given.durationMs);
      writePositions(front, elements, header.segmentStart, sizeBytes);
      return { front, tail };
    },
  };
}

function writeSize(front: Buffer, start: number, end: number, size: number): void {
  const length = end - start;
  let rest = size;
  for (let at = end - 1; at >= start; at--, rest = Math.floor(rest / 256)) front[at] = rest % 256;
  front[start] = (front[start] as number) | (1 << (8 - length));
}

function writeDuration(front: Buffer, elements: readonly Element[], durationMs: number): void {
  const info = elements.find(({ id }) => id === IDS.info);
  const fields = info ? elementsIn(front, info.contentStart, info.end ?? 0) : [];
  const duration = fields.find(({ id }) => id === IDS.duration);
  if (duration) front.writeDoubleBE(durationMs, duration.contentStart);
}

/** Fills in where the other elements are. Positions count from the start of the segment's content. */
function writePositions(
  front: Buffer,
  elements: readonly Element[],
  segmentStart: number,
  cuesStart: number,
): void {
  const seekHead = elements.find(({ id }) => id === IDS.seekHead);
  if (!seekHead) return;
  for (const seek of elementsIn(front, seekHead.contentStart, seekHead.end ?? 0)) {
    const fields = elementsIn(front, seek.contentStart, seek.end);
    const idField = fields.find(({ id }) => id === IDS.seekId);
    const position = fields.find(({ id }) => id === IDS.seekPosition);
    if (!idField || !position) continue;
    const wanted = unsignedIn(front, idField);
    const start = wanted === IDS.cues ? cuesStart : elements.find(({ id }) => id === wanted)?.start;
    if (start === undefined) continue;
    let rest = start - segmentStart;
    for (let at = position.end - 1; at >= position.contentStart; at--, rest = Math.floor(rest / 256))
      front[at] = rest % 256;
  }
}

function makeCues({ positions, timesMs, trackNumbers }: ClusterIndex, segmentStart: number): Buffer {
  const points: Buffer[] = [];
  for (let at = 0; at < positions.length; at++) {
    const place = Buffer.concat([
      makeElement(IDS.cueTrack, unsigned(trackNumbers.at(at))),
      makeElement(IDS.cueClusterPosition, unsigned(positions.at(at) - segmentStart)),
    ]);
    const time = makeElement(IDS.cueTime, unsigned(timesMs.at(at)));
    points.push(makeElement(IDS.cuePoint, Buffer.concat([time, makeElement(IDS.cueTrackPositions, place)])));
  }
  return makeElement(IDS.cues, Buffer.concat(points));
}
