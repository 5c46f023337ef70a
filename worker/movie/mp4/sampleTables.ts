import type { GrowingNumbers } from '../growingNumbers.ts';
import { makeBox } from './boxes.ts';
import type { CountedNumbers, TrackIndex } from './trackIndex.ts';

/** The tables of one track, as the parts of the boxes that follow each other (ISO/IEC 14496-12, 8.6 and 8.7). */
export function sampleTables(index: TrackIndex): Buffer[] {
  const { sizes, syncSamples, shifts, chunks } = index;
  const isEachSync = syncSamples.length === sizes.length;
  return [
    ...makeBox('stts', counted(index.durations())),
    ...(hasShifts(shifts) ? makeBox('ctts', counted(shifts, 1)) : []),
    ...(isEachSync ? [] : makeBox('stss', fullHeader(syncSamples.length), listed(syncSamples))),
    ...makeBox('stsc', chunkRuns(chunks)),
    ...makeBox('stsz', fullHeader(0, sizes.length), listed(sizes)),
  ];
}

/** Where the chunks are, each moved by `shiftBytes`. `wide` is needed beyond 4 GiB. */
export function chunkOffsets({ chunks }: TrackIndex, shiftBytes: number, wide: boolean): Buffer[] {
  const { offsets } = chunks;
  const table = Buffer.allocUnsafe(offsets.length * (wide ? 8 : 4));
  for (let at = 0; at < offsets.length; at++) {
    const offset = offsets.at(at) + shiftBytes;
    if (wide) table.writeBigUInt64BE(BigInt(offset), at * 8);
    else table.writeUInt32BE(offset, at * 4);
  }
  return makeBox(wide ? 'co64' : 'stco', fullHeader(offsets.length), table);
}

/** Version 0, no flags, and these numbers. */
function fullHeader(...numbers: readonly number[]): Buffer {
  const header = Buffer.alloc(4 + numbers.length * 4);
  for (const [at, number] of numbers.entries()) header.writeUInt32BE(number, 4 + at * 4);
  return header;
}

function listed(numbers: GrowingNumbers): Buffer {
  const table = Buffer.allocUnsafe(numbers.length * 4);
  for (let at = 0; at < numbers.length; at++) table.writeUInt32BE(numbers.at(at), at * 4);
  return table;
}

function hasShifts({ values }: CountedNumbers): boolean {
  for (let at = 0; at < values.length; at++) if (values.at(at) !== 0) return true;
  return false;
}

/** Pairs of count and value. In version 1, values may be negative. */
function counted({ counts, values }: CountedNumbers, version = 0): Buffer {
  const table = Buffer.alloc(8 + counts.length * 8);
  table.writeUInt8(version);
  let end = 8;
  for (let at = 0; at < counts.length; at++) {
    if (counts.at(at) === 0) continue;
    table.writeUInt32BE(counts.at(at), end);
    table.writeInt32BE(values.at(at) | 0, end + 4);
    end += 8;
  }
  table.writeUInt32BE((end - 8) / 8, 4);
  return table.subarray(0, end);
}

/** How many samples the chunks have and which description, where it changes from one chunk to the next. */
function chunkRuns({ sampleCounts, descriptions }: TrackIndex['chunks']): Buffer {
  const table = Buffer.alloc(8 + sampleCounts.length * 12);
  let end = 8;
  for (let at = 0; at < sampleCounts.length; at++) {
    const isAsBefore =
      at > 0 &&
      sampleCounts.at(at) === sampleCounts.at(at - 1) &&
      descriptions.at(at) === descriptions.at(at - 1);
    if (isAsBefore) continue;
    table.writeUInt32BE(at + 1, end);
    table.writeUInt32BE(sampleCounts.at(at), end + 4);
    table.writeUInt32BE(descriptions.at(at), end + 8);
    end += 12;
  }
  table.writeUInt32BE((end - 8) / 12, 4);
  return table.subarray(0, end);
}
