import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readSound } from '../../../../../worker/capture/recorder/readSound.ts';
import { FakeSoundTrack, FakeTrackProcessor } from './fakeSoundTrack.ts';

const BLOCK_MS = 10;

beforeEach(() => {
  vi.stubGlobal('MediaStreamTrackProcessor', FakeTrackProcessor);
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function start() {
  const track = new FakeSoundTrack(48_000);
  const takenAtMs: number[] = [];
  const take = () => takenAtMs.push(performance.now());
  const onError = (error: unknown) => {
    throw error;
  };
  const reader = readSound(track as unknown as MediaStreamAudioTrack, take, onError);
  const originMs = performance.now();
  let played = 0;
  return {
    reader,
    takenAtMs,
    /** Plays sound up to now: the blocks whose first sample is 20 ms old. */
    play: () => {
      for (; originMs + played * BLOCK_MS + 20 <= performance.now(); played++)
        track.play((originMs + played * BLOCK_MS) * 1000, new Float32Array(960));
      return played;
    },
  };
}

test('sound is read in bursts, not block by block', async () => {
  const { play, takenAtMs } = start();
  for (let ms = 0; ms < 1_000; ms += BLOCK_MS) {
    await vi.advanceTimersByTimeAsync(BLOCK_MS);
    play();
  }
  const wakeUps = new Set(takenAtMs).size;
  expect(takenAtMs.length).toBeGreaterThan(85);
  expect(wakeUps).toBeLessThan(25);
});

test('a reader that is one second late catches up', async () => {
  const { play, takenAtMs } = start();
  await vi.advanceTimersByTimeAsync(1_000);
  for (let ms = 0; ms < 200; ms += BLOCK_MS) {
    play();
    await vi.advanceTimersByTimeAsync(BLOCK_MS);
  }
  expect(play() - takenAtMs.length).toBeLessThan(10);
});

test('after hurry, each block is read as soon as it comes', async () => {
  const { play, reader, takenAtMs } = start();
  for (let ms = 0; ms < 100; ms += BLOCK_MS) {
    await vi.advanceTimersByTimeAsync(BLOCK_MS);
    play();
  }
  reader.hurry();
  await vi.advanceTimersByTimeAsync(0);
  expect(takenAtMs).toHaveLength(play());
  await vi.advanceTimersByTimeAsync(BLOCK_MS);
  const played = play();
  await vi.advanceTimersByTimeAsync(0);
  expect(takenAtMs).toHaveLength(played);
});
