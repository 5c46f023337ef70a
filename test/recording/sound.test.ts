import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { decodeSound, SAMPLE_RATE_HZ } from '../support/inspect/decodeSound.ts';
import { inspectRecording, type Recording } from '../support/inspectRecording.ts';
import { servePages } from '../support/servePages.ts';
import { type Compositor, startCompositor } from '../support/startCompositor.ts';

/** The sound of pages/loud.html. */
const HZ = [311, 433, 547, 701, 853, 1009, 1213, 1427];

let compositor: Compositor;
let pages: Awaited<ReturnType<typeof servePages>>;
let recording: Recording;
/** The times when the people were muted, in seconds. */
let mutedAtS: number;

beforeAll(async () => {
  pages = await servePages();
  compositor = await startCompositor();
});

// All look at one recording. Whatever is tried once more has a new one.
beforeEach(async ({ task }) => {
  if (mutedAtS !== undefined && (task.result?.retryCount ?? 0) === 0) return;
  const { file } = await compositor.record({
    call: { id: 'loud' },
    recording: { audio_only: true, layout: { external_app_url: pages.url('loud.html') } },
    limits: { max_duration_s: 10 },
  });
  recording = await inspectRecording(String(file));
  mutedAtS = await firstSilence(recording);
});

afterAll(async () => {
  await compositor?.close();
  await pages?.close();
});

describe('eight people at once', () => {
  test('are all heard equally loud', async () => {
    const levels = await Promise.all(
      HZ.map((hz) => recording.toneLevelDb({ fromS: mutedAtS - 1.5, toS: mutedAtS - 0.5, hz })),
    );
    expect(Math.min(...levels)).toBeGreaterThan(-26);
    expect(Math.max(...levels) - Math.min(...levels)).toBeLessThan(2);
  });

  test('are not clipped: no sample reaches full scale, and nothing else is heard', async () => {
    const samples = await decodeSound(recording.path, 2, { fromS: mutedAtS - 1.5, toS: mutedAtS - 0.5 });
    expect(samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0)).toBeLessThan(1);
    for (const hz of [2500, 3700, 5200])
      expect(await recording.toneLevelDb({ fromS: mutedAtS - 1.5, toS: mutedAtS - 0.5, hz })).toBeLessThan(
        -55,
      );
  });
});

test('muted people are silent', async () => {
  const samples = await decodeSound(recording.path, 2, { fromS: mutedAtS + 0.3, toS: mutedAtS + 1.7 });
  expect(samples.length).toBeGreaterThan(0);
  expect(samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0)).toBeLessThan(1e-4);
});

test('a person who unmutes is heard again as loud as before', async () => {
  const backAtS = await firstSound(recording, mutedAtS + 1);
  expect(backAtS - mutedAtS).toBeGreaterThan(1.5);
  expect(backAtS - mutedAtS).toBeLessThan(3.5); // they unmute after 2 s, and a busy machine adds some
  const level = await recording.toneLevelDb({
    fromS: backAtS + 0.3,
    toS: backAtS + 1.3,
    hz: Number(HZ[0]),
  });
  expect(level).toBeGreaterThan(-15);
  expect(level).toBeLessThan(-13);
});

/**
 * The first time when it is silent for a second: on a busy machine the sound of a page stutters. Looks from half a second
 * on, when everybody is there.
 */
const firstSilence = (of: Recording) =>
  firstMoment(of, { fromS: 0.5, lengthS: 1 }, (samples) =>
    samples.every((sample) => Math.abs(sample) < 1e-3),
  );

const firstSound = (of: Recording, fromS: number) =>
  firstMoment(of, { fromS, lengthS: 0.1 }, (samples) => samples.some((sample) => Math.abs(sample) > 0.1));

/** The first moment, from the given time on, in tenths of a second, whose samples pass. In seconds. */
async function firstMoment(
  { path, durationS }: Recording,
  { fromS, lengthS }: { fromS: number; lengthS: number },
  passes: (samples: Float32Array) => boolean,
): Promise<number> {
  const samples = await decodeSound(path, 2, { fromS: 0, toS: Number(durationS) });
  const indexAt = (atS: number) => Math.round(atS * SAMPLE_RATE_HZ);
  for (let atS = fromS; atS < Number(durationS) - lengthS; atS += 0.1)
    if (passes(samples.subarray(indexAt(atS), indexAt(atS + lengthS)))) return atS;
  throw new Error(`no such moment after ${fromS} s`);
}
