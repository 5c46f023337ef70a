import { describe, expect, test } from 'vitest';
import { createSampleTimeline } from '../../../../../worker/capture/recorder/sampleTimeline.ts';

const RATE = 48_000;
const BLOCK = 480;
const timeline = () => createSampleTimeline({ startUs: 0, sampleRate: RATE });
/** The stamp of a block, in microseconds: block n begins after n * 10 ms. */
const at = (block: number, jitterUs = 0) => block * 10_000 + jitterUs;

describe('sound on its timeline', () => {
  test('begins with silence if the first block is late', () => {
    expect(timeline().place(at(2), BLOCK)).toEqual({ silence: 960, skip: 0 });
  });

  test('leaves out what was played before the start', () => {
    const line = timeline();
    expect(line.place(at(-1), BLOCK)).toEqual({ silence: 0, skip: BLOCK });
    expect(line.place(at(-0.5), BLOCK)).toEqual({ silence: 0, skip: BLOCK / 2 });
    expect(line.samples()).toBe(BLOCK / 2);
  });

  test('follows the sample count if the blocks’ times jitter by a few milliseconds', () => {
    const line = timeline();
    const moved = Array.from({ length: 200 }, (_, block) =>
      line.place(at(block, block % 2 ? 8_000 : -8_000), BLOCK),
    );
    expect(moved.slice(1).every(({ silence, skip }) => silence === 0 && skip === 0)).toBe(true);
  });

  test('fills a gap of half a second with silence at once', () => {
    const line = timeline();
    for (let block = 0; block < 10; block++) line.place(at(block), BLOCK);
    expect(line.place(at(60), BLOCK)).toEqual({ silence: 50 * BLOCK, skip: 0 });
  });

  test('stays within 20 ms of a source whose clock is 0.1 % fast', () => {
    const line = timeline();
    for (let block = 0; block < 60_000; block++) line.place(at(block * 0.999), BLOCK);
    const endS = (60_000 * 0.999) / 100;
    expect(Math.abs(line.samples() / RATE - endS)).toBeLessThan(0.03);
  });

  test('is filled up to the length of the picture', () => {
    const line = timeline();
    line.place(at(0), BLOCK);
    expect(line.fillTo(RATE)).toBe(RATE - BLOCK);
    expect(line.samples()).toBe(RATE);
  });
});
