import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { elapsed } from '../support/calls/scenes.ts';
import { runTool } from '../support/inspect/runTool.ts';
import { type SecretPage, serveSecret } from '../support/serveSecret.ts';
import { type Compositor, startCompositor } from '../support/startCompositor.ts';

let compositor: Compositor;
let page: SecretPage;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pictures-'));
  [compositor, page] = await Promise.all([startCompositor(), serveSecret()]);
});
afterAll(async () => {
  await Promise.all([compositor?.close(), page?.close()]);
  await rm(folder, { recursive: true, force: true });
});

/** The size of a JPEG, and the mean colour of its left half. */
async function look(jpeg: Uint8Array | null) {
  const file = join(folder, 'picture.jpg');
  await writeFile(file, jpeg ?? '');
  const size = ['-v', 'error', '-show_entries', 'stream=width,height', '-of', 'csv=p=0', file];
  const [widthPx = 0, heightPx = 0] = (await runTool('ffprobe', size)).stdout
    .toString()
    .split(',')
    .map(Number);
  const left = ['-vf', 'crop=iw/2-4:ih:0:0,scale=1:1:flags=area', '-pix_fmt', 'rgb24', '-f', 'rawvideo', '-'];
  const { stdout } = await runTool('ffmpeg', ['-v', 'error', '-i', file, ...left]);
  return { widthPx, heightPx, color: [...stdout] as [number, number, number] };
}

test.each([
  ['drawn', '360p', 640, 360],
  ['drawn', 'portrait-720x1280', 640, 1138],
  ['decoded', '720p', 640, 360],
] as const)('whoever asks sees what is recorded now, and nothing in a pause (videos %s, %s)', async (videos, quality, widthPx, heightPx) => {
  const layout = { external_app_url: page.url(videos === 'decoded' ? '?composed' : '') };
  const run = compositor.start({
    call: { id: 'pictures' },
    recording: { quality, videos, layout },
    limits: { max_duration_s: 60 },
  });
  await elapsed(run, 2);
  const askedAtMs = performance.now();
  const jpeg = await run.picture();
  console.log(
    `${videos}, ${quality}: ${jpeg?.length} bytes in ${Math.round(performance.now() - askedAtMs)} ms`,
  );
  const seen = await look(jpeg);
  expect(seen).toMatchObject({ widthPx, heightPx });
  const [red, green, blue] = seen.color;
  expect(green).toBeGreaterThan(red + 60);
  expect(green).toBeGreaterThan(blue + 60);
  // The same second has one picture, however many look at it.
  const others = await Promise.all([run.picture(), run.picture(), run.picture()]);
  for (const other of others) expect(other).not.toBeNull();
  const questions = await compositor.redis.xlen('call-compositor:test-recordings:picture-questions');
  expect(questions).toBeLessThan(10);
  await run.pause('skip');
  await page.show('secret', 20);
  expect(await run.picture()).toBeNull();
  await page.show('nothing', 3);
  await run.resume();
  await elapsed(run, 3);
  expect(await run.picture()).not.toBeNull();
  await run.stop();
  expect(await run.result).toMatchObject({ status: 'completed', error: null });
});

test('a recording of sound alone shows nothing', async () => {
  const run = compositor.start({
    call: { id: 'heard' },
    source: { kind: 'demo', participants: 2 },
    recording: { audio_only: true },
    limits: { max_duration_s: 60 },
  });
  await elapsed(run, 1);
  expect(await run.picture()).toBeNull();
  await run.stop();
  await run.result;
});
