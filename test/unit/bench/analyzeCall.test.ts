import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analyzeCall } from '../../bench/analyzeCall.ts';
import type { Tile } from '../../bench/readFrameCodes.ts';

const WIDTH = 640;
const HEIGHT = 180;
const RATE = 30;
const SECONDS = 4;
/** Pictures that a prepared camera sends before it begins anew. */
const LOOP = 60;
const TILES: readonly Tile[] = [0, 1].map((index) => ({
  ...{ left: index * 320, top: 0, width: 320, height: 180 },
  aspect: 16 / 9,
}));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'analyze-call-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('what the bench reads off a recording of a call', () => {
  test('is perfect where the recording is', async () => {
    expect(await analyze((slot) => [slot, slot + 7])).toEqual({ covered: 1, cameraCovered: 1 });
  });

  test('tells of pictures that stand still in all tiles, and only then of the whole', async () => {
    const everyThird = (slot: number) => slot - (slot % 3 === 2 ? 1 : 0);
    const still = await analyze((slot) => [everyThird(slot), everyThird(slot)]);
    expect(still.covered).toBeCloseTo(2 / 3, 1);
    const inTurns = await analyze((slot) => [everyThird(slot), everyThird(slot + 1)]);
    expect(inTurns.covered).toBe(1);
    expect(inTurns.cameraCovered).toBeCloseTo(2 / 3, 1);
  });

  test('leaves out what was before the last seconds', async () => {
    const late = (slot: number) => Math.max(slot, (SECONDS / 2) * RATE);
    const shows = (slot: number) => [late(slot), late(slot)];
    expect((await analyze(shows)).covered).toBeCloseTo(1 / 2, 1);
    expect((await analyze(shows, 1)).covered).toBe(1);
  });

  test('does not count what cannot be read as another picture', async () => {
    const { covered } = await analyze((slot) => [slot % 2 === 0 ? slot : null, slot % 2 === 0 ? slot : null]);
    expect(covered).toBeCloseTo(1 / 2, 1);
  });

  test('fails where a tile shows no number', async () => {
    await expect(analyze((slot) => [slot, null])).rejects.toThrow('no number is seen in tile 1');
  });
});

/** Analyzes a recording that shows these numbers in each of its pictures; null is a picture without a number. */
async function analyze(shows: (slot: number) => readonly (number | null)[], seconds = SECONDS) {
  const file = join(folder, 'recording.mp4');
  const format = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${WIDTH}x${HEIGHT}`, '-r', String(RATE)];
  const encode = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-b:v', '500k', file];
  const ffmpeg = spawn('ffmpeg', ['-v', 'error', '-y', ...format, '-i', '-', ...encode], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  for (let slot = 0; slot < SECONDS * RATE; slot++) ffmpeg.stdin.write(pictureOf(shows(slot)));
  ffmpeg.stdin.end();
  const [code] = await once(ffmpeg, 'close');
  expect(code).toBe(0);
  return analyzeCall(file, TILES, { seconds });
}

/** What two cameras side by side show: on grey, a row of squares of 16 pixels with the number, and one with its complement. */
function pictureOf(numbers: readonly (number | null)[]): Buffer {
  const picture = Buffer.alloc(WIDTH * HEIGHT, 120);
  for (const [index, number] of numbers.entries()) {
    if (number === null) continue;
    for (let y = HEIGHT / 2 - 16; y < HEIGHT / 2 + 16; y++)
      for (let x = 0; x < 128; x++) {
        const isSet = (((number % LOOP) >> Math.floor(x / 16)) & 1) === 1;
        picture[y * WIDTH + index * 320 + 96 + x] = isSet === y < HEIGHT / 2 ? 255 : 0;
      }
  }
  return picture;
}
