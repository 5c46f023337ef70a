export const CONTAINERS = ['mp4', 'webm'] as const;
/** MP4 carries H.264 and AAC, WebM carries VP9 and Opus. */
export type Container = (typeof CONTAINERS)[number];

export const FRAME_RATES = [25, 30, 60] as const;

export const H264_PROFILES = ['baseline', 'main', 'high'] as const;
export type H264Profile = (typeof H264_PROFILES)[number];

/** How a file is encoded. Rates are in bits per second. */
export interface EncodingProfile {
  readonly container: Container;
  /** For MP4; WebM carries VP9 and takes no notice of it. */
  readonly h264Profile: H264Profile;
  readonly videoBitrateBps: number;
  readonly audioBitrateBps: number;
  readonly keyFrameIntervalS: number;
}

/** The size of the recorded page in pixels, and how often it is recorded. */
export interface PictureRequest {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly framesPerSecond: number;
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

/** Width and height of a quality, in pixels. */
export function pictureSizeOf(quality: Quality): { readonly widthPx: number; readonly heightPx: number } {
  const [widthPx, heightPx] = QUALITY_TABLE[quality];
  return { widthPx, heightPx };
}

/** At twice the frame rate half of what moves is new: 60 frames a second get half as many bits again. */
const HIGH_RATE_FACTOR = 1.5;

/** What a job may choose for the encoding of a file; null leaves the choice to the quality. */
export interface EncodingChoices {
  readonly container: Container;
  readonly h264Profile: H264Profile | null;
  readonly videoBitrateBps: number | null;
  readonly audioBitrateBps: number;
}

/** The encoding that a quality and a job's choices make: a key frame every 2 s, and baseline, which plays everywhere. */
export function encodingProfileOf(
  quality: Quality,
  framesPerSecond: number,
  choices: EncodingChoices,
): EncodingProfile {
  const [, , usualBitrateBps] = QUALITY_TABLE[quality];
  const rateFactor = framesPerSecond > 30 ? HIGH_RATE_FACTOR : 1;
  return {
    container: choices.container,
    h264Profile: choices.h264Profile ?? 'baseline',
    videoBitrateBps: choices.videoBitrateBps ?? usualBitrateBps * rateFactor,
    audioBitrateBps: choices.audioBitrateBps,
    keyFrameIntervalS: 2,
  };
}

/** File name extension and media type of a file. */
export function fileTypeOf({ container }: Pick<EncodingProfile, 'container'>, audioOnly: boolean) {
  if (container === 'webm') return { extension: 'webm', mediaType: audioOnly ? 'audio/webm' : 'video/webm' };
  return audioOnly
    ? { extension: 'm4a', mediaType: 'audio/mp4' }
    : { extension: 'mp4', mediaType: 'video/mp4' };
}
