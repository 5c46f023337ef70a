import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeFrames } from '../support/inspect/decodeFrames.ts';
import { frameTimes } from '../support/inspect/frameTimes.ts';
import { packetBytes } from '../support/inspect/packetBytes.ts';
import { runTool } from '../support/inspect/runTool.ts';
import { inspectRecording } from '../support/inspectRecording.ts';
import { servePages } from '../support/servePages.ts';
import { slotsOf } from '../support/slotsOf.ts';
import { type Compositor, startCompositor } from '../support/startCompositor.ts';

const DURATION_S = 8;
/** A picture that only says "as before" has some ten bytes. */
const REPEAT_BYTES = 40;
/** In the corner without letters. */
const CORNER = { xPx: 560, yPx: 300, widthPx: 40, heightPx: 40 };

let compositor: Compositor;
let pages: Awaited<ReturnType<typeof servePages>>;
beforeAll(async () => {
  [compositor, pages] = await Promise.all([startCompositor(), servePages()]);
});
afterAll(() => Promise.all([compositor?.close(), pages?.close()]));

/** Which of the three primary colours each frame has most of. */
async function slidesIn(path: string): Promise<number[]> {
  const slides: number[] = [];
  const request = { fromS: 0, toS: 600, rect: CORNER, pixels: 'rgb24' } as const;
  for await (const frame of decodeFrames(path, request)) {
    const sums = [0, 1, 2].map((color) => {
      let sum = 0;
      for (let at = color; at < frame.length; at += 3) sum += Number(frame[at]);
      return sum;
    });
    slides.push(sums.indexOf(Math.max(...sums)));
  }
  return slides;
}

describe.each(['baseline', 'main', 'high'])('slides that stand still, in profile %s', (profile) => {
  test('are mostly pictures that cost nothing, in a file that is as any other', async () => {
    const result = await compositor.record({
      call: { id: 'slides' },
      recording: {
        quality: '360p',
        encoding: { h264_profile: profile },
        layout: { external_app_url: pages.url('slides.html') },
      },
      limits: { max_duration_s: DURATION_S },
    });
    expect(result).toMatchObject({ status: 'completed', error: null, warnings: [] });
    const path = String(result.file);
    expect(slotsOf(result)).toBe(DURATION_S * 30);

    const bytes = await packetBytes(path);
    expect(bytes).toHaveLength(result.frames);
    expect(bytes.filter((each) => each < REPEAT_BYTES).length).toBeGreaterThan(result.frames * 0.35);

    const times = await frameTimes(path);
    expect(times.map(({ atS }) => atS)).toEqual(times.map(({ atS }) => atS).toSorted((a, b) => a - b));
    const recording = await inspectRecording(path);
    expect((await recording.decodeAll()).errors).toEqual([]);

    // A slide that is over never comes back, not for one frame.
    const slides = await slidesIn(path);
    expect(slides).toHaveLength(result.frames);
    const changes = slides.filter((slide, at) => at > 0 && slide !== slides[at - 1]);
    expect(changes.length).toBeGreaterThanOrEqual(4);
    expect(changes.length).toBeLessThanOrEqual(5);

    const remuxed = `${path}.remuxed.mp4`;
    const { stderr } = await runTool('ffmpeg', ['-v', 'warning', '-i', path, '-c', 'copy', remuxed]);
    expect(stderr).toBe('');
    expect(await slidesIn(remuxed)).toEqual(slides);
  });
});
