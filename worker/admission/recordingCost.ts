import { groupByEncoding } from '../../shared/encoding/groupByEncoding.ts';
import type { ParsedRequest } from '../../shared/request/parseRecordingRequest.ts';
import type { Cost } from '../job/takenJob.ts';

const PIXELS_720P = 1280 * 720;

/**
 * Measured with `npm run bench` (docs/capture.md) with four moving tiles and rounded up: 0.6 cores at 720p30,
 * 1.0 at 1080p30, and 0.15 for sound alone. The fixed part is decoding, sound and bookkeeping, which do not
 * grow with the picture.
 */
const BASE: Cost = { cores: 0.4, memoryMiB: 600 };
const PER_720P30: Cost = { cores: 0.3, memoryMiB: 60 };
const AUDIO_ONLY: Cost = { cores: 0.2, memoryMiB: 400 };

/** A job that cannot be read needs nothing, because it is refused at once. */
export const NO_COST: Cost = { cores: 0, memoryMiB: 0 };

/**
 * Every further encoding takes another encoder of pictures and one of sound. At 720p30, MP4 alone took 0.74 cores, and
 * MP4 with WebM 1.14: VP9 is the dearer of the two.
 */
const PER_FURTHER_ENCODING: Cost = { cores: 0.4, memoryMiB: 60 };
/** AAC takes 0.02 cores (docs/capture.md); rounded up. */
const FURTHER_SOUND_CORES = 0.05;

/** What recordings that cost about the same have in common, as far as their jobs tell. */
export function kindOf({ audioOnly, picture, videos, layout, outputs }: ParsedRequest): string {
  const app = layout.externalAppUrl === null ? layout.name : new URL(layout.externalAppUrl).origin;
  const encodings = groupByEncoding(outputs, ({ encoding }) => encoding).length;
  return JSON.stringify([audioOnly, picture, videos, app, encodings]);
}

/**
 * `scale` adapts the cores to the machine: it is 2 if one core does half the work of the machine that was
 * measured.
 */
export function costOf({ audioOnly, picture, outputs }: ParsedRequest, scale: number): Cost {
  const further = groupByEncoding(outputs, ({ encoding }) => encoding).length - 1;
  if (audioOnly) return { ...AUDIO_ONLY, cores: (AUDIO_ONLY.cores + FURTHER_SOUND_CORES * further) * scale };
  const size = (picture.widthPx * picture.heightPx) / PIXELS_720P;
  const rate = picture.framesPerSecond / 30;
  const furtherPictures = further * size;
  return {
    cores:
      (BASE.cores + PER_720P30.cores * size * rate + PER_FURTHER_ENCODING.cores * furtherPictures * rate) *
      scale,
    memoryMiB:
      BASE.memoryMiB + PER_720P30.memoryMiB * size + PER_FURTHER_ENCODING.memoryMiB * furtherPictures,
  };
}
