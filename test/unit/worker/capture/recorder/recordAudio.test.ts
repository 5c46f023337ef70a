import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { recordAudio } from '../../../../../worker/capture/recorder/recordAudio.ts';
import { FakeSoundTrack, FakeTrackProcessor } from './fakeSoundTrack.ts';

const RATE = 48_000;
const BLOCK = 480;

beforeEach(() => {
  vi.stubGlobal('MediaStreamTrackProcessor', FakeTrackProcessor);
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Keeps the sound it is given; a batch must follow on the one before. */
function hearer() {
  const heard: number[] = [];
  const addSound = (samples: Float32Array, atS: number) => {
    expect(Math.round(atS * RATE * 2)).toBe(heard.length);
    heard.push(...samples);
  };
  return { heard, addSound };
}

function start(maxDurationS = 60) {
  const track = new FakeSoundTrack(RATE);
  const audio = recordAudio({
    track: track as unknown as MediaStreamAudioTrack,
    options: { maxDurationS, timeOriginUs: 0 },
    kernel: new Uint8Array(), // sound of this rate is not resampled
    onError: (error) => {
      throw error;
    },
  });
  return { track, audio };
}

/** Plays blocks of a constant level from one block's place on the time line to before another's. */
async function play(track: FakeSoundTrack, { from, to, level }: { from: number; to: number; level: number }) {
  for (let block = from; block < to; block++) {
    track.play(block * 10_000, new Float32Array(2 * BLOCK).fill(level));
    await vi.advanceTimersByTimeAsync(10);
  }
  await vi.advanceTimersByTimeAsync(50);
}

const left = (heard: readonly number[], atS: number) => heard[Math.round(atS * RATE) * 2];

describe('recorded sound', () => {
  test('starts at the given instant, with the blocks that were played since then and were kept', async () => {
    const { track, audio } = start();
    await play(track, { from: 0, to: 20, level: 0.25 });
    const { heard, addSound } = hearer();
    audio.begin([{ addSound }], 100_000, []);
    expect(audio.durationS()).toBeCloseTo(0.1, 6);
    audio.finish(0.1);
    expect([left(heard, 0.01), left(heard, 0.09)]).toEqual([0.25, 0.25]);
  });

  test('is the same in every encoding', async () => {
    const { track, audio } = start();
    const [first, second] = [hearer(), hearer()];
    audio.begin([first, second], 0, []);
    await play(track, { from: 0, to: 60, level: 0.5 });
    audio.endAt(0.6);
    audio.finish(0.6);
    expect(first.heard).toHaveLength(0.6 * RATE * 2);
    expect(second.heard).toEqual(first.heard);
  });

  test('is as long as the picture if too little sound came, and ends with silence', async () => {
    const { track, audio } = start();
    const hear = hearer();
    audio.begin([hear], 0, []);
    await play(track, { from: 0, to: 30, level: 0.5 });
    audio.endAt(1.5);
    audio.finish(1.5);
    expect(hear.heard).toHaveLength(1.5 * RATE * 2);
    expect([left(hear.heard, 0.2), left(hear.heard, 1)]).toEqual([0.5, 0]);
  });

  test('is as long as the picture if more sound came', async () => {
    const { track, audio } = start();
    const hear = hearer();
    audio.begin([hear], 0, []);
    await play(track, { from: 0, to: 60, level: 0.5 });
    audio.endAt(0.4);
    audio.finish(0.4);
    expect(audio.durationS()).toBe(0.4);
    // What had gone out in quarter seconds before the end was known stays.
    expect(hear.heard.length / 2 / RATE).toBeLessThanOrEqual(0.51);
  });

  test('never gets longer than its greatest length', async () => {
    const { track, audio } = start(0.3);
    const hear = hearer();
    audio.begin([hear], 0, []);
    await play(track, { from: 0, to: 100, level: 0.5 });
    audio.finish(1);
    expect(hear.heard).toHaveLength(0.3 * RATE * 2);
    expect(audio.durationS()).toBe(0.3);
  });

  test('is silent for minutes where minutes are missing, while the page lives on', async () => {
    const { track, audio } = start(7200);
    const pieces: { atS: number; samples: number; isLoud: boolean }[] = [];
    const addSound = async (samples: Float32Array, atS: number) => {
      const isLoud = samples.some((one) => one > 0);
      pieces.push({ atS, samples: samples.length / 2, isLoud });
    };
    audio.begin([{ addSound }], 0, []);
    await play(track, { from: 0, to: 100, level: 0.5 });
    track.play(370 * 1e6, new Float32Array(2 * BLOCK).fill(0.5));
    await vi.advanceTimersByTimeAsync(100);
    expect(pieces.length).toBeLessThan(200);
    expect(audio.durationS()).toBeCloseTo(370.01, 3);
    audio.endAt(371);
    const finished = audio.finish(371);
    await vi.advanceTimersByTimeAsync(10_000);
    await finished;
    let endS = 0;
    for (const { atS, samples } of pieces) {
      expect(atS).toBeCloseTo(endS, 6);
      endS = atS + samples / RATE;
    }
    expect(endS).toBe(371);
    const loud = pieces.filter(({ atS, isLoud }) => atS > 1 && isLoud);
    expect(loud.map(({ atS, samples }) => atS <= 370 && atS + samples / RATE > 370)).toEqual([true]);
  });

  test('is silent where blocks are missing', async () => {
    const { track, audio } = start();
    const hear = hearer();
    audio.begin([hear], 0, []);
    await play(track, { from: 0, to: 20, level: 0.5 });
    await play(track, { from: 70, to: 100, level: 0.5 });
    audio.endAt(1);
    audio.finish(1);
    expect([0.1, 0.4, 0.8].map((atS) => left(hear.heard, atS))).toEqual([0.5, 0, 0.5]);
  });
});
