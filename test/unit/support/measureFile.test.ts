import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runTool } from '../../support/inspect/runTool.ts';
import { measureFile } from '../../support/measureFile.ts';

let folder: string;
const at = (name: string) => join(folder, name);

/** Three seconds at 25 pictures a second, in fragments of one second as the recorder writes them. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'test-measure-'));
  const picture = ['-f', 'lavfi', '-i', 'testsrc=size=160x90:rate=25:duration=3'];
  const sound = ['-f', 'lavfi', '-i', 'sine=duration=3'];
  const mp4 = [
    '-c:v',
    'libx264',
    '-g',
    '25',
    '-bf',
    '0',
    '-c:a',
    'aac',
    '-movflags',
    'frag_keyframe+empty_moov',
  ];
  await runTool('ffmpeg', ['-v', 'error', ...picture, ...sound, ...mp4, at('whole.mp4')]);
  await runTool('ffmpeg', ['-v', 'error', ...sound, '-c:a', 'libopus', at('sound.webm')]);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('a whole file is as long as it was made, with every picture', async () => {
  const content = await measureFile(at('whole.mp4'));
  expect(content?.frames).toBe(75);
  expect(content?.durationS).toBeCloseTo(3, 0);
});

test('a file with only sound has no pictures', async () => {
  const content = await measureFile(at('sound.webm'));
  expect(content?.frames).toBe(0);
  expect(content?.durationS).toBeCloseTo(3, 0);
});

test('a file whose writing was cut off holds its whole fragments', async () => {
  const bytes = await readFile(at('whole.mp4'));
  const lastFragment = bytes.lastIndexOf('moof') - 4;
  await writeFile(at('cut.mp4'), bytes.subarray(0, lastFragment + 20));
  const content = await measureFile(at('cut.mp4'));
  expect(content?.frames).toBe(50);
  expect(content?.durationS).toBeCloseTo(2, 0);
});

test.each([
  ['an empty file', Buffer.alloc(0)],
  ['something else', Buffer.from('this is no recording')],
])('%s cannot be read', async (_what, bytes) => {
  await writeFile(at('other.mp4'), bytes);
  expect(await measureFile(at('other.mp4'))).toBe(null);
});

test('a file that does not exist cannot be read', async () => {
  expect(await measureFile(at('missing.mp4'))).toBe(null);
});
