import type { RecordingRequest } from '../../shared/request/recordingRequest.ts';

/** What a recording needs of a machine. */
export interface Cost {
  readonly cores: number;
  readonly memoryMiB: number;
}

const PIXELS_720P = 1280 * 720;

/**
 * Measured with `npm run bench` (docs/capture.md) with four moving tiles: 0.6 cores at 720p30, 1.0 at 1080p30, and
 * 0.15 for sound alone; rounded up. What does not grow with the picture is decoding, sound and bookkeeping.
 */
const BASE: Cost = { cores: 0.4, memoryMiB: 600 };
const PER_720P30: Cost = { cores: 0.3, memoryMiB: 60 };
const AUDIO_ONLY: Cost = { cores: 0.2, memoryMiB: 400 };

/** `scale` adapts the cores to the machine: 2 where one of its cores does half of what was measured on. */
export function costOf(
  { audioOnly, picture: { widthPx, heightPx, framesPerSecond } }: RecordingRequest,
  scale: number,
): Cost {
  if (audioOnly) return { ...AUDIO_ONLY, cores: AUDIO_ONLY.cores * scale };
  const picture = (widthPx * heightPx) / PIXELS_720P;
  const rate = framesPerSecond / 30;
  return {
    cores: (BASE.cores + PER_720P30.cores * picture * rate) * scale,
    memoryMiB: BASE.memoryMiB + PER_720P30.memoryMiB * picture,
  };
}
