import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inspectRecording } from '../support/inspectRecording.ts';
import { servePages } from '../support/servePages.ts';
import { type Compositor, startCompositor } from '../support/startCompositor.ts';

let compositor: Compositor;
let pages: Awaited<ReturnType<typeof servePages>>;
beforeAll(async () => {
  pages = await servePages();
  compositor = await startCompositor({ COMPOSITOR_COST_SCALE: '0.5' });
});
afterAll(async () => {
  await compositor?.close();
  await pages?.close();
});

/** Long enough for a second key frame, which comes after 2 s. */
const LENGTH_S = 2.2;

async function record(recording: object) {
  const result = await compositor.record({
    call: { id: 'encodings' },
    source: { kind: 'demo', participants: 2, script: 'steady', duration_s: 60 },
    recording: { layout: { name: 'grid' }, ...recording },
    limits: { max_duration_s: LENGTH_S },
  });
  expect(result).toMatchObject({ status: 'completed', error: null, end_reason: 'max_duration' });
  return { result, recording: await inspectRecording(String(result.file)) };
}

describe('a recording', () => {
  test.concurrent('starts with the brand that tells players its file type', async () => {
    const { result } = await record({ quality: '360p' });
    const bytes = await readFile(String(result.file));
    expect(bytes.subarray(4, 8).toString('latin1')).toBe('ftyp');
  });

  test.concurrent.each([
    ['baseline', 'Constrained Baseline'],
    ['main', 'Main'],
    ['high', 'High'],
  ])('has the H.264 profile %s', async (h264_profile, profile) => {
    const { recording } = await record({ quality: '360p', encoding: { h264_profile } });
    expect(recording.video?.profile).toBe(profile);
    expect((await recording.decodeAll()).errors).toEqual([]);
  });

  test.concurrent.each(['mp4', 'webm'])('in %s shows the page’s colours', async (container) => {
    const result = await compositor.record({
      call: { id: 'colours' },
      recording: {
        encoding: { container },
        layout: { external_app_url: pages.url('edges.html') },
      },
      limits: { max_duration_s: 1 },
    });
    const recording = await inspectRecording(String(result.file));
    const ground = await recording.meanColorAt({
      atS: 0.5,
      rect: { xPx: 300, yPx: 300, widthPx: 50, heightPx: 50 },
    });
    for (const [index, value] of [0, 0, 255].entries())
      expect(Math.abs(Number(ground[index]) - value)).toBeLessThan(6);
  });

  test.concurrent('without a picture may be a WebM', async () => {
    const { recording } = await record({ audio_only: true, encoding: { container: 'webm' } });
    expect(recording).toMatchObject({ video: null, audio: { codec: 'opus' } });
  });

  // These run alone on the machine, because they count dropped frames.

  test.each([25, 30, 60])('of %i frames a second shows each frame at its time', async (rate) => {
    const { result, recording } = await record({ quality: '360p', encoding: { frame_rate: rate } });
    const frames = await recording.frameTimes();
    const slots = frames.map(({ atS }) => Math.round(atS * rate));
    for (const [index, { atS }] of frames.entries())
      expect(Math.abs(atS - Number(slots[index]) / rate)).toBeLessThan(0.0005);
    // A slot without a picture of its own, for which the machine had no time, is counted.
    expect(new Set(slots).size).toBe(frames.length);
    expect(frames.length + result.dropped_frames).toBe(Math.round(LENGTH_S * rate));
    expect(result.dropped_frames).toBeLessThan(0.1 * rate);
    const keyFrames = frames.filter(({ isKey }) => isKey).map(({ atS }) => Math.floor(atS * 10) / 10);
    expect(keyFrames).toEqual([0, 2]);
  });

  test('has the bitrates that the job asks for', async () => {
    const [low, high] = await Promise.all([
      record({ encoding: { video_bitrate_kbps: 300, audio_bitrate_kbps: 64 } }),
      record({ encoding: { video_bitrate_kbps: 2500, audio_bitrate_kbps: 256 } }),
    ]);
    expect(high.recording.video?.bitrateBps).toBeGreaterThan(2 * Number(low.recording.video?.bitrateBps));
    // Two steady voices need less than 256 kbit/s. This only shows that the choice reaches the encoder.
    expect(high.recording.audio?.bitrateBps).toBeGreaterThan(1.8 * Number(low.recording.audio?.bitrateBps));
  });

  test('may be a WebM that tells players its length', async () => {
    const { result, recording } = await record({ encoding: { container: 'webm' } });
    expect(String(result.file)).toMatch(/\.webm$/);
    expect(recording).toMatchObject({
      video: { codec: 'vp9' },
      audio: { codec: 'opus', sampleRateHz: 48_000 },
    });
    expect(Math.abs(Number(recording.durationS) - result.duration_s)).toBeLessThan(0.1);
    expect((await recording.decodeAll()).errors).toEqual([]);
    // VP9 costs more than H.264, and must still keep up.
    expect(result.dropped_frames).toBeLessThan(0.1 * result.frames);
  });
});
