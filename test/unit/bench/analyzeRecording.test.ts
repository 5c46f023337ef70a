import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analyzeRecording } from '../../bench/analyzeRecording.ts';

const WIDTH = 512;
const HEIGHT = 64;
const RATE = 30;
const SECONDS = 6;
const SOUND_HZ = 48_000;
/** The page's clock does not begin with the recording. */
const CLOCK_START_MS = 70_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'analyze-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('what the bench reads off a recording', () => {
  test('is perfect where the recording is', async () => {
    const analysis = await analyzeRecording(await recordingOf({}));
    expect(analysis.covered).toBeGreaterThan(0.99);
    expect(analysis.judderP95Ms).toBeLessThanOrEqual(1);
    expect(Math.abs(Number(analysis.avOffsetMs))).toBeLessThanOrEqual(5);
    expect(analysis.avOffsets.length).toBeGreaterThanOrEqual(SECONDS - 1);
  });

  test('tells of a third of the pictures missing', async () => {
    const { covered } = await analyzeRecording(
      await recordingOf({ shows: (slot) => slot - (slot % 3 === 2 ? 1 : 0) }),
    );
    expect(covered).toBeCloseTo(2 / 3, 1);
  });

  test('tells how far pictures are from their time', async () => {
    // Every second picture shows a clock that is two slots behind its neighbours.
    const { judderP95Ms } = await analyzeRecording(
      await recordingOf({ shows: (slot) => slot - (slot % 2 === 0 ? 2 : 0) }),
    );
    expect(judderP95Ms).toBeGreaterThan(60);
    expect(judderP95Ms).toBeLessThan(73);
  });

  test.each([-120, 80])('tells sound that comes %i ms after its picture', async (lateMs) => {
    const { avOffsetMs } = await analyzeRecording(await recordingOf({ soundLateMs: lateMs }));
    expect(Math.abs(Number(avOffsetMs) - lateMs)).toBeLessThanOrEqual(6);
  });

  test('tells how far sound wanders', async () => {
    const { avSpreadMs } = await analyzeRecording(await recordingOf({ soundDriftMsPerS: 10 }));
    expect(avSpreadMs).toBeGreaterThan(35);
    expect(avSpreadMs).toBeLessThan(60);
  });
});

/** A recording of the bench page as a pipeline with known faults would have made it. */
async function recordingOf(given: {
  /** The slot whose picture is shown in a slot. */
  shows?: (slot: number) => number;
  soundLateMs?: number;
  soundDriftMsPerS?: number;
}): Promise<string> {
  const { shows = (slot) => slot, soundLateMs = 0, soundDriftMsPerS = 0 } = given;
  const sound = join(folder, 'sound.s16');
  await writeFile(
    sound,
    beeps((second) => second * 1000 + soundLateMs + second * soundDriftMsPerS),
  );
  const file = join(folder, 'recording.mkv');
  const picture = [
    '-f',
    'rawvideo',
    '-pix_fmt',
    'gray',
    '-s',
    `${WIDTH}x${HEIGHT}`,
    '-r',
    String(RATE),
    '-i',
    '-',
  ];
  const tone = ['-f', 's16le', '-ar', String(SOUND_HZ), '-ac', '1', '-i', sound];
  const encode = ['-c:v', 'ffv1', '-c:a', 'pcm_s16le', file];
  const ffmpeg = spawn('ffmpeg', ['-v', 'error', '-y', ...picture, ...tone, ...encode], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  for (let slot = 0; slot < SECONDS * RATE; slot++) ffmpeg.stdin.write(pictureOf(Math.max(0, shows(slot))));
  ffmpeg.stdin.end();
  const [code] = await once(ffmpeg, 'close');
  expect(code).toBe(0);
  return file;
}

/** What page/index.html draws: the clock as 32 bars, least bit first, and below it white in the first tenth of each second. */
function pictureOf(slot: number): Buffer {
  const ms = Math.round((slot * 1000) / RATE);
  const bars = Array.from(
    { length: 32 },
    (_, bit) => (Math.floor((CLOCK_START_MS + ms) / 2 ** bit) % 2) * 255,
  );
  const clockRow = Buffer.concat(bars.map((level) => Buffer.alloc(WIDTH / 32, level)));
  const flashRow = Buffer.alloc(WIDTH, ms % 1000 < 100 && ms >= 1000 ? 255 : 0);
  return Buffer.concat(Array.from({ length: HEIGHT }, (_, row) => (row < HEIGHT / 2 ? clockRow : flashRow)));
}

/** 1 kHz for 50 ms, from second 1 on. */
function beeps(startMs: (second: number) => number): Buffer {
  const samples = new Int16Array(SECONDS * SOUND_HZ);
  for (let second = 1; second < SECONDS; second++) {
    const from = Math.round((startMs(second) / 1000) * SOUND_HZ);
    for (let at = 0; at < SOUND_HZ * 0.05; at++)
      samples[from + at] = 16_000 * Math.sin((2 * Math.PI * 1000 * at) / SOUND_HZ);
  }
  return Buffer.from(samples.buffer);
}
