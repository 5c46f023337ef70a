import { type Box, boxIn, childrenOf } from './boxes.ts';
import type { TrackHeader } from './readHeader.ts';

/** Flags of `tfhd` and `trun` (ISO/IEC 14496-12, 8.8.7 and 8.8.8), which say what they hold. */
const TFHD = { dataOffset: 0x1, description: 0x2, duration: 0x8, size: 0x10, flags: 0x20 } as const;
const TRUN = {
  dataOffset: 0x1,
  firstFlags: 0x4,
  duration: 0x100,
  size: 0x200,
  flags: 0x400,
  shift: 0x800,
} as const;
/** Set in a sample's flags if it cannot be decoded without others. */
const IS_NOT_SYNC = 0x1_0000;

/** Samples of one track that lie one after the other. Times are in the track's timescale. */
export interface Run {
  readonly trackId: number;
  /** From the start of the fragment. */
  readonly offset: number;
  /** When the first sample is decoded. */
  readonly startTime: number;
  readonly samples: readonly Sample[];
}

export interface Sample {
  readonly size: number;
  readonly duration: number;
  readonly isSync: boolean;
  /** How much later than decoded it is shown. */
  readonly shift: number;
}

/** Reads a `moof` box, which begins a fragment. Throws if it is not one that a recorder page writes. */
export function readFragment(bytes: Buffer, moof: Box, tracks: readonly TrackHeader[]): Run[] {
  return childrenOf(bytes, moof)
    .filter(({ type }) => type === 'traf')
    .flatMap((traf) => readTrack(bytes, traf, tracks));
}

function readTrack(bytes: Buffer, traf: Box, tracks: readonly TrackHeader[]): Run[] {
  const { contentStart: at } = boxIn(bytes, traf, 'tfhd');
  const flags = bytes.readUInt32BE(at) & 0xff_ffff;
  const trackId = bytes.readUInt32BE(at + 4);
  const track = tracks.find(({ id }) => id === trackId);
  if (!track || flags & TFHD.dataOffset) throw new Error(`the fragment's track ${trackId} cannot be read`);
  let field = at + 8 + (flags & TFHD.description ? 4 : 0);
  const next = (isThere: number, otherwise: number) => {
    if (!isThere) return otherwise;
    field += 4;
    return bytes.readUInt32BE(field - 4);
  };
  const defaults = {
    duration: next(flags & TFHD.duration, track.defaults.duration),
    size: next(flags & TFHD.size, track.defaults.size),
    flags: next(flags & TFHD.flags, track.defaults.flags),
  };
  let startTime = startTimeOf(bytes, traf);
  return childrenOf(bytes, traf)
    .filter(({ type }) => type === 'trun')
    .map((trun) => {
      const { offset, samples } = readRun(bytes, trun, defaults);
      const run = { trackId, offset, startTime, samples };
      startTime += samples.reduce((sum, { duration }) => sum + duration, 0);
      return run;
    });
}

function startTimeOf(bytes: Buffer, traf: Box): number {
  const { contentStart: at } = boxIn(bytes, traf, 'tfdt');
  return bytes[at] === 1 ? Number(bytes.readBigUInt64BE(at + 4)) : bytes.readUInt32BE(at + 4);
}

function readRun(bytes: Buffer, { contentStart: at }: Box, defaults: TrackHeader['defaults']) {
  const flags = bytes.readUInt32BE(at) & 0xff_ffff;
  if (!(flags & TRUN.dataOffset)) throw new Error('the fragment does not say where its samples are');
  const count = bytes.readUInt32BE(at + 4);
  const offset = bytes.readInt32BE(at + 8);
  let field = at + 12;
  const next = (isThere: number, otherwise: number) => {
    if (!isThere) return otherwise;
    field += 4;
    return bytes.readUInt32BE(field - 4);
  };
  const firstFlags = next(flags & TRUN.firstFlags, -1);
  const samples: Sample[] = [];
  for (let index = 0; index < count; index++) {
    const duration = next(flags & TRUN.duration, defaults.duration);
    const size = next(flags & TRUN.size, defaults.size);
    const given = next(flags & TRUN.flags, defaults.flags);
    const shift = next(flags & TRUN.shift, 0) | 0; // signed in version 1, and small in version 0
    const own = index === 0 && firstFlags !== -1 ? firstFlags : given;
    samples.push({ size, duration, isSync: (own & IS_NOT_SYNC) === 0, shift });
  }
  return { offset, samples };
}
