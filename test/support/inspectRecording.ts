import { findProgram } from './findProgram.ts';
import { type Decoded, decodeAll } from './inspect/decodeAll.ts';
import { decodeFrames, type FrameRequest, type Rect } from './inspect/decodeFrames.ts';
import { decodeSound } from './inspect/decodeSound.ts';
import { type FrameTime, frameTimes } from './inspect/frameTimes.ts';
import { type Media, probeMedia } from './inspect/probeMedia.ts';
import { runTool } from './inspect/runTool.ts';
import { sharesOfHues } from './inspect/sharesOfHues.ts';
import { toneLevelDb } from './inspect/toneLevelDb.ts';

/** Why `inspectRecording` cannot work here, or null. */
export const ffmpegMissing =
  findProgram('ffmpeg') && findProgram('ffprobe')
    ? null
    : 'ffmpeg is not on PATH (Debian: apt-get install ffmpeg)';

// The same limits as in ffmpeg's blackframe filter: 98 % of the pixels are darker than 32 of 255.
const BLACK_LUMA = 32;
const BLACK_SHARE = 0.98;

export type Rgb = [red: number, green: number, blue: number];

/** All times are seconds from the start of the file. "At" means the first frame shown at or after that time. */
export type Recording = Media & {
  path: string;
  decodeAll(): Promise<Decoded>;
  frameTimes(): Promise<FrameTime[]>;
  /** Mean colour of a rectangle, or of the whole picture, 0 to 255. */
  meanColorAt(where: { atS: number; rect?: Rect }): Promise<Rgb>;
  /** The same of every frame, in order. */
  meanColors(where: { rect: Rect }): Promise<Rgb[]>;
  /** Mean absolute difference of brightness between successive frames, 0 (a still) to 255. */
  motionIn(where: { fromS: number; toS: number; rect?: Rect }): Promise<number>;
  /** For each hue in degrees, the share of the picture, 0 to 1, that is a strong colour of about this hue. */
  sharesOfHues(where: { atS: number; huesDeg: readonly number[] }): Promise<number[]>;
  isBlack(atS: number): Promise<boolean>;
  saveFrame(atS: number, pngPath: string): Promise<void>;
  /** 0 dB is a sine of full scale, -120 dB silence. */
  toneLevelDb(where: { fromS: number; toS: number; hz: number }): Promise<number>;
};

/** Opens a recording for questions about what a viewer would see and hear. Throws if it is not a media file. */
export async function inspectRecording(path: string): Promise<Recording> {
  const media = await probeMedia(path);
  const whole = () => wholePicture(path, media);
  return {
    ...media,
    path,
    decodeAll: () => decodeAll(path),
    frameTimes: () => frameTimes(path),
    meanColorAt: async ({ atS, rect = whole() }) =>
      meanColor(await frameAt(path, { atS, rect, pixels: 'rgb24' })),
    meanColors: ({ rect }) =>
      meanColors(path, { fromS: 0, toS: media.durationS ?? Number.NaN, rect, pixels: 'rgb24' }),
    motionIn: async ({ fromS, toS, rect = whole() }) =>
      meanDifference(path, { fromS, toS, rect, pixels: 'gray' }),
    sharesOfHues: async ({ atS, huesDeg }) =>
      sharesOfHues(await frameAt(path, { atS, rect: whole(), pixels: 'rgb24' }), huesDeg),
    isBlack: async (atS) => isBlack(await frameAt(path, { atS, rect: whole(), pixels: 'gray' })),
    saveFrame: (atS, pngPath) => saveFrame(path, atS, pngPath),
    toneLevelDb: async ({ hz, ...range }) =>
      toneLevelDb(await decodeSound(path, channelsOf(path, media), range), hz),
  };
}

function wholePicture(path: string, { video }: Media): Rect {
  if (!video) throw new Error(`${path} has no video stream`);
  return { xPx: 0, yPx: 0, widthPx: video.widthPx, heightPx: video.heightPx };
}

function channelsOf(path: string, { audio }: Media): number {
  if (!audio) throw new Error(`${path} has no audio stream`);
  return audio.channels;
}

async function frameAt(
  path: string,
  { atS, ...picture }: Pick<FrameRequest, 'rect' | 'pixels'> & { atS: number },
): Promise<Buffer> {
  // Where a recording does not move, one frame may last for seconds.
  for await (const frame of decodeFrames(path, { fromS: atS, toS: atS + 10, ...picture })) return frame;
  throw new Error(`${path} shows no frame at or after ${atS} s`);
}

function meanColor(pixels: Buffer): Rgb {
  const sums: Rgb = [0, 0, 0];
  for (let index = 0; index < pixels.length; index += 3) {
    sums[0] += pixels[index] as number;
    sums[1] += pixels[index + 1] as number;
    sums[2] += pixels[index + 2] as number;
  }
  return sums.map((sum) => Math.round(sum / (pixels.length / 3))) as Rgb;
}

async function meanColors(path: string, request: FrameRequest): Promise<Rgb[]> {
  const colors: Rgb[] = [];
  for await (const frame of decodeFrames(path, request)) colors.push(meanColor(frame));
  return colors;
}

async function meanDifference(path: string, request: FrameRequest): Promise<number> {
  let previous: Buffer | null = null;
  let sum = 0;
  let comparedBytes = 0;
  for await (const frame of decodeFrames(path, request)) {
    if (previous) {
      for (let index = 0; index < frame.length; index++) {
        sum += Math.abs((frame[index] as number) - (previous[index] as number));
      }
      comparedBytes += frame.length;
    }
    previous = frame;
  }
  if (comparedBytes === 0)
    throw new Error(`${path} shows no two frames from ${request.fromS} to ${request.toS} s`);
  return sum / comparedBytes;
}

function isBlack(luma: Buffer): boolean {
  return luma.filter((value) => value < BLACK_LUMA).length >= luma.length * BLACK_SHARE;
}

async function saveFrame(path: string, atS: number, pngPath: string): Promise<void> {
  await runTool('ffmpeg', ['-v', 'error', '-y', '-ss', String(atS), '-i', path, '-frames:v', '1', pngPath]);
}
