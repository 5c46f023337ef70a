import type { Movie } from '../movie.ts';
import { type Box, boxIn, childrenOf } from './boxes.ts';

/** A file that is an ordinary MP4 already: whoever finished it could not give it its name any more. */
export function readFinishedMp4(moov: Buffer, sizeBytes: number): Movie {
  const box = { type: 'moov', start: 0, contentStart: 8, end: moov.length };
  const tracks = childrenOf(moov, box).filter(({ type }) => type === 'trak');
  const kindOf = (trak: Box) => {
    const { contentStart: at } = boxIn(moov, trak, 'mdia', 'hdlr');
    return moov.toString('latin1', at + 8, at + 12);
  };
  const durationOf = (kind: string) => {
    const trak = tracks.find((one) => kindOf(one) === kind);
    if (!trak) return 0;
    const { contentStart: at } = boxIn(moov, trak, 'tkhd');
    const { contentStart: movieAt } = boxIn(moov, box, 'mvhd');
    return moov.readUInt32BE(at + 20) / moov.readUInt32BE(movieAt + 12);
  };
  const video = tracks.find((one) => kindOf(one) === 'vide');
  const stsz = video && boxIn(moov, video, 'mdia', 'minf', 'stbl', 'stsz');
  const written = {
    videoS: durationOf('vide'),
    audioS: durationOf('soun'),
    frames: stsz ? moov.readUInt32BE(stsz.contentStart + 8) : 0,
  };
  const refuse = () => {
    throw new Error('the file is finished, and nothing can be added to it');
  };
  return {
    beginSegment: refuse,
    take: refuse,
    skipTo: refuse,
    written: () => written,
    sizeBytes: () => sizeBytes,
    heldBytes: () => sizeBytes,
    ending: () => null,
  };
}
