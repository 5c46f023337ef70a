import type { RecordingRequest } from '../../shared/request/recordingRequest.ts';
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
 * Every further encoding needs one more video encoder and one more audio encoder. Measured in the same way as
 * BASE.
 */
const PER_FURTHER_ENCODING: Cost = { cores: 0.2, memoryMiB: 60 };

/**
 * `scale` adapts the cores to the machine: it is 2 if one core does half the work of the machine that was
 * measured.
 */
export function costOf({ audioOnly, picture, outputs }: RecordingRequest, scale: number): Cost {
  const encodings = new Set(outputs.map(({ encoding }) => JSON.stringify(encoding))).size;
  if (audioOnly) return { ...AUDIO_ONLY, cores: AUDIO_ONLY.cores * scale };
  const size = (picture.widthPx * picture.heightPx) / PIXELS_720P;
  const rate = picture.framesPerSecond / 30;
  const further = (encodings - 1) * size;
  return {
    cores:
      (BASE.cores + PER_720P30.cores * size * rate + PER_FURTHER_ENCODING.cores * further * rate) * scale,
    memoryMiB: BASE.memoryMiB + PER_720P30.memoryMiB * size + PER_FURTHER_ENCODING.memoryMiB * further,
  };
}
