import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import puppeteer from 'puppeteer';
import { findBrowser } from '../support/findBrowser.ts';
import { runTool } from '../support/inspect/runTool.ts';
import { streamTool } from './streamTool.ts';

/** How well a recording and x264 show the same known frames. */
export interface Ssim {
  /**
   * Structural similarity to the known frames: 1 if they are equal. This is ffmpeg's ssim over all planes.
   */
  readonly ours: number;
  readonly x264Superfast: number;
  readonly oursKbps: number;
  readonly x264Kbps: number;
  readonly frames: number;
}

export const KNOWN_SIZE = { widthPx: 1280, heightPx: 720 } as const;
export const KNOWN_RATE = 30;
const BITS = 16;
const FRAMES = 90;
/** The first second of a recording is left out, because rate control has not settled yet. */
const SKIP_FRAMES = 30;

/** Frames of a recording that show successive known frames. */
export interface Run {
  /** The first of them, as a number of the recording's own frames. */
  readonly first: number;
  /** What known frames they show. */
  readonly numbers: readonly number[];
}

/**
 * Encodes the known frames of the run with x264 superfast in one pass at the bitrate that the recording reached. Then compares both
 * with the known frames. `known` are the arguments with which ffmpeg reads these frames, and no others.
 */
export async function compareWithX264(
  recording: string,
  { first, numbers }: Run,
  known: readonly string[],
  folder: string,
): Promise<Ssim> {
  const oursKbps = await bitrateOf(recording, first, numbers.length);
  const x264 = await encodeWithX264(known, numbers.length, oursKbps, folder);
  return {
    ours: await ssimOf(recording, known, first),
    x264Superfast: x264.ssim,
    oursKbps: Math.round(oursKbps),
    x264Kbps: x264.kbps,
    frames: numbers.length,
  };
}

/** Encodes known frames with x264 superfast, and compares what becomes of them. `options` are x264's own. */
export async function encodeWithX264(
  known: readonly string[],
  frames: number,
  kbps: number,
  folder: string,
  options = 'keyint=60',
): Promise<{ readonly ssim: number; readonly kbps: number }> {
  const x264 = join(folder, 'x264.mp4');
  const rate = ['-b:v', `${Math.round(kbps)}k`, '-g', '60', '-r', String(KNOWN_RATE)];
  const encoder = ['-c:v', 'libx264', '-preset', 'superfast', '-x264-params', options];
  await runTool('ffmpeg', [
    ...['-v', 'error', '-y', ...known],
    ...[...encoder, ...rate, '-pix_fmt', 'yuv420p', x264],
  ]);
  return { ssim: await ssimOf(x264, known, 0), kbps: Math.round(await bitrateOf(x264, 0, frames)) };
}

/** Finds the known frames that a recording shows one after the other. */
export async function findRun(recording: string): Promise<Run> {
  return longestRun(await readNumbers(recording));
}

/** Reads the number in each recorded frame. */
async function readNumbers(path: string): Promise<number[]> {
  const look = 'crop=256:16:0:0,scale=16:1:flags=area,format=gray';
  const numbers: number[] = [];
  for await (const bars of streamTool(
    ['-i', path, '-map', '0:v:0', '-fps_mode', 'passthrough', '-vf', look, '-f', 'rawvideo', '-'],
    BITS,
  ))
    numbers.push(bars.reduce((sum, value, bit) => sum + (value > 127 ? 2 ** bit : 0), 0));
  return numbers;
}

/**
 * Finds the first run of successive numbers, with none missing or doubled, that is long enough; else the
 * longest run.
 */
function longestRun(numbers: readonly number[]): Run {
  let best = { first: 0, numbers: [] as number[] };
  let run: number[] = [];
  for (const [index, number] of numbers.entries()) {
    if (index < SKIP_FRAMES) continue;
    run = number === (run.at(-1) ?? Number.NaN) + 1 ? [...run, number] : [number];
    if (run.length > best.numbers.length) best = { first: index + 1 - run.length, numbers: run };
    if (best.numbers.length === FRAMES) break;
  }
  return best;
}

/**
 * Draws known frames and writes them into a folder, as PNG. Resolves to the arguments with which ffmpeg reads them. `url` is that
 * of page/frames.html.
 */
export async function drawKnownFrames(
  url: string,
  numbers: readonly number[],
  folder: string,
): Promise<string[]> {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const args = [...sandbox, '--disable-gpu', '--force-color-profile=srgb'];
  const browser = await puppeteer.launch({ executablePath: findBrowser() ?? undefined, args });
  try {
    const tab = await browser.newPage();
    await tab.goto(`${url}?still`);
    for (const [index, number] of numbers.entries()) {
      const png = (await tab.evaluate(`frameAsPng(${number})`)) as string;
      await writeFile(join(folder, `known-${String(index).padStart(4, '0')}.png`), png, 'base64');
    }
  } finally {
    await browser.close();
  }
  return ['-framerate', String(KNOWN_RATE), '-i', join(folder, 'known-%04d.png')];
}

async function bitrateOf(path: string, from: number, count: number): Promise<number> {
  const args = [
    ...['-v', 'error', '-select_streams', 'v:0'],
    ...['-show_entries', 'packet=size', '-of', 'csv=p=0', path],
  ];
  const { stdout } = await runTool('ffprobe', args);
  const sizes = stdout
    .toString()
    .trim()
    .split('\n')
    .map(Number.parseFloat)
    .slice(from, from + count);
  return (sizes.reduce((sum, size) => sum + size, 0) * 8 * KNOWN_RATE) / sizes.length / 1000;
}

async function ssimOf(path: string, known: readonly string[], first: number): Promise<number> {
  // Frames are paired by number and not by time, because a container that rounds times to milliseconds would
  // pair frames with their neighbours.
  const numbered = `settb=1/${KNOWN_RATE},setpts=N`;
  const filters = [
    `[0:v]select=gte(n\\,${first}),${numbered}[shown]`,
    `[1:v]${numbered},format=yuv420p[reference]`,
    '[shown][reference]ssim=shortest=1',
  ];
  const args = ['-i', path, ...known, '-lavfi', filters.join(';'), '-f', 'null', '-'];
  const { stderr } = await runTool('ffmpeg', args);
  return Number(/All:([\d.]+)/.exec(stderr)?.[1]);
}
