import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inspectRecording } from '../support/inspectRecording.ts';
import { processesNaming } from '../support/processesNaming.ts';
import { servePages } from '../support/servePages.ts';
import { slotsOf } from '../support/slotsOf.ts';
import { type Compositor, startCompositor } from '../support/startCompositor.ts';
import { warmedUp } from '../support/warmedUp.ts';

let pages: Awaited<ReturnType<typeof servePages>>;
beforeAll(async () => {
  pages = await servePages();
});
afterAll(() => pages?.close());

const job = (quality: string) => ({
  call: { id: 'warm' },
  recording: { quality, layout: { external_app_url: pages.url('edges.html') } },
  limits: { max_duration_s: 1 },
});

const processesOf = (compositor: Compositor) => processesNaming(`call-compositor-${compositor.pid}-`);

describe.each([
  ['a warm browser', '1'],
  ['no warm browser', '0'],
])('with %s', (_, count) => {
  let compositor: Compositor;
  beforeAll(async () => {
    compositor = await startCompositor({ COMPOSITOR_WARM_BROWSERS: count });
    if (count === '1') await warmedUp(compositor);
  });
  afterAll(() => compositor?.close());

  test.each([
    ['720p', 1280, 720],
    ['1080p', 1920, 1080],
    ['portrait-720x1280', 720, 1280],
  ])('%s is recorded pixel by pixel in a browser that was not used before', async (quality, widthPx, heightPx) => {
    const result = await compositor.record(job(quality));
    expect(result).toMatchObject({ status: 'completed', error: null, warnings: [] });
    expect(slotsOf(result)).toBe(30);
    const recording = await inspectRecording(String(result.file));
    expect(recording.video).toMatchObject({ widthPx, heightPx });
    const colour = (xPx: number, yPx: number, width: number, height: number) =>
      recording.meanColorAt({ atS: 0.5, rect: { xPx, yPx, widthPx: width, heightPx: height } });
    const edges = await Promise.all([
      colour(0, 40, 2, 100),
      colour(widthPx - 2, 40, 2, 100),
      colour(40, 0, 100, 2),
      colour(40, heightPx - 2, 100, 2),
    ]);
    for (const [red, green, blue] of edges) {
      expect(red).toBeGreaterThan(180);
      expect(Math.max(green, blue)).toBeLessThan(70);
    }
    const [red, green, blue] = await colour(200, 200, 50, 50);
    expect(blue).toBeGreaterThan(180);
    expect(Math.max(red, green)).toBeLessThan(70);
  });
});

test('a warm browser that was killed fails no recording, and no browser is left when the worker exits', async () => {
  const compositor = await startCompositor({ COMPOSITOR_WARM_BROWSERS: '1' });
  try {
    await warmedUp(compositor);
    for (const pid of await processesOf(compositor)) process.kill(pid, 'SIGKILL');
    expect(await compositor.record(job('360p'))).toMatchObject({ status: 'completed', error: null });
    await warmedUp(compositor);
    await compositor.leave();
    expect(await processesOf(compositor)).toEqual([]);
    expect(await compositor.workFolders()).toEqual([]);
  } finally {
    await compositor.close();
  }
});
