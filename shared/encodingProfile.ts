/** How a recording is encoded. Width and height are in pixels, rates in bits per second. */
export interface EncodingProfile {
  readonly quality: Quality;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly framesPerSecond: number;
  readonly videoBitrateBps: number;
  readonly audioBitrateBps: number;
  readonly keyFrameIntervalS: number;
}

/**
 * Width, height and default video bitrate of each quality. Sizes: the recording API's quality names.
 * Bitrates: what hosted recorders publish for 360p, 480p, 720p and 1080p (Daily: 1000, 2000, 3000, 5000 kbit/s),
 * carried on by pixel count for 1440p. A portrait quality costs what its landscape twin does.
 */
// biome-ignore format: a table reads best with one row a line
const QUALITY_TABLE = {
  '360p': [640, 360, 1_000_000],
  '480p': [854, 480, 2_000_000],
  '720p': [1280, 720, 3_000_000],
  '1080p': [1920, 1080, 5_000_000],
  '1440p': [2560, 1440, 8_000_000],
  'portrait-360x640': [360, 640, 1_000_000],
  'portrait-480x854': [480, 854, 2_000_000],
  'portrait-720x1280': [720, 1280, 3_000_000],
  'portrait-1080x1920': [1080, 1920, 5_000_000],
  'portrait-1440x2560': [1440, 2560, 8_000_000],
} as const;

export type Quality = keyof typeof QUALITY_TABLE;
export const QUALITIES = Object.keys(QUALITY_TABLE) as Quality[];
export const DEFAULT_QUALITY: Quality = '720p';

/** The encoding a quality stands for: 30 frames a second, a key frame every 2 s, AAC at 128 kbit/s. */
export function encodingProfileOf(quality: Quality): EncodingProfile {
  const [widthPx, heightPx, videoBitrateBps] = QUALITY_TABLE[quality];
  return {
    quality,
    widthPx,
    heightPx,
    videoBitrateBps,
    framesPerSecond: 30,
    audioBitrateBps: 128_000,
    keyFrameIntervalS: 2,
  };
}
