import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import puppeteer from 'puppeteer';
import { findBrowser } from '../support/findBrowser.ts';
import { runTool } from '../support/inspect/runTool.ts';
import { startCompositor } from '../support/startCompositor.ts';
import { serveBenchPage } from './serveBenchPage.ts';
import { streamTool } from './streamTool.ts';

export interface Ssim {
  /**
   * Structural similarity to the page's own frames: 1 if they are equal. This is ffmpeg's ssim over all
   * planes.
   */
  readonly ours: number;
  readonly x264Superfast: number;
  readonly oursKbps: number;
  readonly x264Kbps: number;
  readonly frames: number;
}

const BITS = 16;
const FRAMES = 90;
/** The first second of a recording is left out, because rate control has not settled yet. */
const SKIP_FRAMES = 30;
const RATE = 30;

/**
 * Records known frames, and encodes the same frames with x264 superfast in one pass at the bitrate that our
 * recording reached. Then compares both with what the page drew.
 */
export async function measureSsim(folder: string): Promise<Ssim> {
  const page = await serveBenchPage();
  const url = new URL('frames.html', page.url).href;
  try {
    const recording = await record(url, folder);
    const numbers = await readNumbers(recording);
    const { first, run: chosen } = longestRun(numbers);
    await drawReferences(`${url}?still`, chosen, folder);
    const references = ['-framerate', String(RATE), '-i', join(folder, 'reference-%04d.png')];
    const oursKbps = await bitrateOf(recording, first, chosen.length);
    const x264 = join(folder, 'x264.mp4');
    const rate = [
      ...['-b:v', `${Math.round(oursKbps)}k`, '-g', '60', '-r', String(RATE)],
      '-pix_fmt',
      'yuv420p',
    ];
    const encode = ['-c:v', 'libx264', '-preset', 'superfast', ...rate, x264];
    await runTool('ffmpeg', ['-v', 'error', '-y', ...references, ...encode]);
    return {
      ours: await ssimOf(recording, references, first),
      x264Superfast: await ssimOf(x264, references, 0),
      oursKbps: Math.round(oursKbps),
      x264Kbps: Math.round(await bitrateOf(x264, 0, chosen.length)),
      frames: chosen.length,
    };
  } finally {
    await page.close();
  }
}

async function record(url: string, folder: string): Promise<string> {
  const compositor = await startCompositor({ COMPOSITOR_RECORDINGS_DIR: folder });
  try {
    const result = await compositor.record({
      call: { id: 'frames' },
      recording: { layout: { external_app_url: url }, encoding: { video_bitrate_kbps: 3000 } },
      limits: { max_duration_s: 8 },
    });
    return String(result.file);
  } finally {
    await compositor.close();
  }
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
function longestRun(numbers: readonly number[]): { first: number; run: number[] } {
  let best = { first: 0, run: [] as number[] };
  let run: number[] = [];
  for (const [index, number] of numbers.entries()) {
    if (index < SKIP_FRAMES) continue;
    run = number === (run.at(-1) ?? Number.NaN) + 1 ? [...run, number] : [number];
    if (run.length > best.run.length) best = { first: index + 1 - run.length, run };
    if (best.run.length === FRAMES) break;
  }
  return best;
}

async function drawReferences(url: string, numbers: readonly number[], folder: string): Promise<void> {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const args = [...sandbox, '--disable-gpu', '--force-color-profile=srgb'];
  const browser = await puppeteer.launch({ executablePath: findBrowser() ?? undefined, args });
  try {
    const tab = await browser.newPage();
    await tab.goto(url);
    for (const [index, number] of numbers.entries()) {
      const png = (await tab.evaluate(`frameAsPng(${number})`)) as string;
      await writeFile(join(folder, `reference-${String(index).padStart(4, '0')}.png`), png, 'base64');
    }
  } finally {
    await browser.close();
  }
}

async function bitrateOf(path: string, from: number, count: number): Promise<number> {
  const args = [
    '-v',
    'error',
    '-select_streams',
    'v:0',
    '-show_entries',
    'packet=size',
    '-of',
    'csv=p=0',
    path,
  ];
  const { stdout } = await runTool('ffprobe', args);
  const sizes = stdout
    .toString()
    .trim()
    .split('\n')
    .map(Number.parseFloat)
    .slice(from, from + count);
  return (sizes.reduce((sum, size) => sum + size, 0) * 8 * RATE) / sizes.length / 1000;
}

async function ssimOf(path: string, references: readonly string[], first: number): Promise<number> {
  // Frames are paired by number and not by time, because a container that rounds times to milliseconds would
  // pair frames with their neighbours.
  const numbered = `settb=1/${RATE},setpts=N`;
  const filters = [
    `[0:v]select=gte(n\\,${first}),${numbered}[shown]`,
    `[1:v]${numbered},format=yuv420p[reference]`,
    '[shown][reference]ssim=shortest=1',
  ];
  const args = ['-i', path, ...references, '-lavfi', filters.join(';'), '-f', 'null', '-'];
  const { stderr } = await runTool('ffmpeg', args);
  return Number(/All:([\d.]+)/.exec(stderr)?.[1]);
}
