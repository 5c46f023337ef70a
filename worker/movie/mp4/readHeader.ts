import { type Box, boxIn, childrenOf } from './boxes.ts';

/** What the `moov` of a fragmented MP4 says of one track. */
export interface TrackHeader {
  readonly id: number;
  readonly kind: 'video' | 'audio';
  /** Units of time in a second. */
  readonly timescale: number;
  /** Where in the track's own time the recording begins; not 0 where sound starts with what encoders add. */
  readonly mediaTime: number;
  /** Its sample entries: how the decoder is configured. */
  readonly descriptions: readonly Buffer[];
  readonly defaults: SampleDefaults;
}

/** What holds for samples of which a fragment says nothing else. */
export interface SampleDefaults {
  readonly duration: number;
  readonly size: number;
  readonly flags: number;
}

/** Reads a whole `moov` box. Throws if it is not one that a recorder page writes. */
export function readHeader(moov: Buffer, box: Box): TrackHeader[] {
  const defaults = childrenOf(moov, boxIn(moov, box, 'mvex'))
    .filter(({ type }) => type === 'trex')
    .map(({ contentStart: at }) => ({
      trackId: moov.readUInt32BE(at + 4),
      duration: moov.readUInt32BE(at + 12),
      size: moov.readUInt32BE(at + 16),
      flags: moov.readUInt32BE(at + 20),
    }));
  return childrenOf(moov, box)
    .filter(({ type }) => type === 'trak')
    .map((trak) => {
      const id = trackIdOf(moov, trak);
      const own = defaults.find(({ trackId }) => trackId === id);
      if (!own) throw new Error(`the track ${id} has no defaults for its fragments`);
      return {
        id,
        kind: kindOf(moov, trak),
        timescale: timescaleOf(moov, trak),
        mediaTime: mediaTimeOf(moov, trak),
        descriptions: descriptionsOf(moov, trak),
        defaults: own,
      };
    });
}

function trackIdOf(moov: Buffer, trak: Box): number {
  const { contentStart: at } = boxIn(moov, trak, 'tkhd');
  return moov.readUInt32BE(at + (moov[at] === 1 ? 20 : 12));
}

function timescaleOf(moov: Buffer, trak: Box): number {
  const { contentStart: at } = boxIn(moov, trak, 'mdia', 'mdhd');
  return moov.readUInt32BE(at + (moov[at] === 1 ? 20 : 12));
}

function kindOf(moov: Buffer, trak: Box): 'video' | 'audio' {
  const { contentStart: at } = boxIn(moov, trak, 'mdia', 'hdlr');
  return moov.toString('latin1', at + 8, at + 12) === 'vide' ? 'video' : 'audio';
}

function descriptionsOf(moov: Buffer, trak: Box): Buffer[] {
  const { contentStart, end, type } = boxIn(moov, trak, 'mdia', 'minf', 'stbl', 'stsd');
  return childrenOf(moov, { contentStart: contentStart + 8, end, type }).map((entry) =>
    Buffer.from(moov.subarray(entry.start, entry.end)),
  );
}

/** The media time of the only edit, or 0 where there is none. */
function mediaTimeOf(moov: Buffer, trak: Box): number {
  const edits = childrenOf(moov, trak).find(({ type }) => type === 'edts');
  if (!edits) return 0;
  const { contentStart: at } = boxIn(moov, edits, 'elst');
  return moov[at] === 1 ? Number(moov.readBigInt64BE(at + 16)) : moov.readInt32BE(at + 12);
}
