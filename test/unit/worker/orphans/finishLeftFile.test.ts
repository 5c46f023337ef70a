import { copyFile, mkdir, mkdtemp, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { finishLeftFile } from '../../../../worker/orphans/finishLeftFile.ts';
import type { Orphan } from '../../../../worker/orphans/orphan.ts';
import { runTool } from '../../../support/inspect/runTool.ts';
import { makeClip } from '../../../support/makeSegment.ts';
import { measureFile } from '../../../support/measureFile.ts';
import { finishMovie, writeMovie } from '../../../support/writeMovie.ts';

/** Less than a fragment of one second, so that the last one is cut. */
const CUT_BYTES = 100;

let clips: string;
let folder: string;

beforeAll(async () => {
  clips = await mkdtemp(join(tmpdir(), 'test-clips-'));
});
afterAll(() => rm(clips, { recursive: true, force: true }));

beforeEach(async () => {
  folder = await mkdtemp(join(clips, 'recordings-'));
});

const orphan = (place: string, kind: Orphan['kind'] = 'unfinished_file'): Orphan => ({
  kind,
  place,
  recordingId: 'r1',
  ageS: 600,
  sizeBytes: 1,
  action: 'finish',
  isAutomatic: true,
  reason: '',
});

describe.each(['mp4', 'webm'] as const)('an unfinished %s that a killed worker left behind', (container) => {
  let left: string;
  let whole: { frames: number };

  beforeAll(async () => {
    const clip = await makeClip(join(clips, `clip.${container}`), container);
    left = join(clips, `left.${container}`);
    const movie = await writeMovie(left, clip, [
      { startS: 0, endS: 5 },
      { startS: 8, endS: 14, audioStartS: 5 },
    ]);
    whole = movie.written();
    await truncate(left, (await stat(left)).size - CUT_BYTES);
  });

  test('becomes an ordinary file up to where it is complete', async () => {
    const part = join(folder, `a.${container}.part`);
    await copyFile(left, part);
    await writeFile(`${part}.json`, '{}');
    const file = await finishLeftFile(orphan(part), folder);
    const path = join(folder, `a.${container}`);
    expect(await readdir(folder)).toEqual([`a.${container}`]);
    const measured = await measureFile(path);
    expect(file).toMatchObject({
      file: path,
      media_type: `video/${container}`,
      size_bytes: (await stat(path)).size,
      frames: measured?.frames,
      error: null,
    });
    expect(file?.duration_s).toBeCloseTo(Number(measured?.durationS), 1);
    expect(Number(file?.frames)).toBeGreaterThan(whole.frames - 61);
    const decoded = await runTool('ffmpeg', ['-v', 'warning', '-xerror', '-i', path, '-f', 'null', '-']);
    expect(decoded.stderr).toBe('');
  });

  test('goes to the folder undelivered where it was on its way to a bucket', async () => {
    const spool = join(folder, '.uploading');
    await mkdir(spool);
    const part = join(spool, `a.${container}.part`);
    await copyFile(left, part);
    const file = await finishLeftFile(orphan(part, 'spool'), folder);
    expect(file?.file).toBe(join(folder, 'undelivered', `a.${container}`));
    expect((await measureFile(String(file?.file)))?.frames).toBe(file?.frames);
    expect(await readdir(spool)).toEqual([]);
  });
});

test('a file that has its ending already only lacks its name', async () => {
  const clip = await makeClip(join(clips, 'ended.mp4'), 'mp4');
  const part = join(folder, 'a.mp4.part');
  await finishMovie(part, await writeMovie(part, clip, [{ startS: 0, endS: 3 }]));
  expect(await finishLeftFile(orphan(part), folder)).toMatchObject({ frames: 90, duration_s: 3 });
  expect(await readdir(folder)).toEqual(['a.mp4']);
});

test('a file with nothing to play is removed if it is small, and left alone if it is not', async () => {
  const small = join(folder, 'small.mp4.part');
  await writeFile(small, 'bytes');
  expect(await finishLeftFile(orphan(small), folder)).toBe(null);
  const large = join(folder, 'large.mp4.part');
  await writeFile(large, Buffer.alloc(2_000_000, 1));
  await expect(finishLeftFile(orphan(large), folder)).rejects.toThrow('nothing in them can be played');
  expect(await readdir(folder)).toEqual(['large.mp4.part']);
});
