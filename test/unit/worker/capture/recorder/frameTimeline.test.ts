import { describe, expect, test } from 'vitest';
import { createFrameTimeline, lockPhase } from '../../../../../worker/capture/recorder/frameTimeline.ts';

const FRAME_US = 1e6 / 30;
const timeline = (maxSlots = 1_000) =>
  createFrameTimeline({ startUs: 1_000_000, framesPerSecond: 30, maxSlots, firstSlot: 0 });
const at = (slot: number) => 1_000_000 + slot * FRAME_US;

describe('a constant frame rate timeline', () => {
  test('puts a steady source into one slot after another', () => {
    const line = timeline();
    expect([0, 1, 2].map((slot) => line.place(at(slot)))).toEqual([
      { repeats: 0, slot: 0 },
      { repeats: 0, slot: 1 },
      { repeats: 0, slot: 2 },
    ]);
  });

  test('neither repeats nor drops while frames jitter by 0.3 slots', () => {
    const line = timeline();
    const places = [0, 1.3, 1.7, 3.3, 3.7].map((slot) => line.place(at(slot)));
    expect(places.map((place) => place?.slot)).toEqual([0, 1, 2, 3, 4]);
    expect(places.map((place) => place?.repeats)).toEqual([0, 0, 0, 0, 0]);
  });

  test('repeats the picture before a gap', () => {
    const line = timeline();
    line.place(at(0));
    expect(line.place(at(10))).toEqual({ repeats: 9, slot: 10 });
  });

  test('drops every second frame of a source at twice the rate', () => {
    const line = timeline();
    const placed = Array.from({ length: 60 }, (_, index) => line.place(at(index / 2))).filter(Boolean);
    expect(placed).toHaveLength(30);
    expect(placed.at(-1)).toEqual({ repeats: 0, slot: 29 });
  });

  test('is filled with repeats up to an instant', () => {
    const line = timeline();
    line.place(at(0));
    expect(line.fillTo(at(30))).toBe(29);
    expect(line.slots()).toBe(30);
  });

  test('refuses frames that would show after its end', () => {
    const line = timeline();
    line.place(at(0));
    expect(line.endAt(at(3))).toBe(3);
    expect(line.place(at(3))).toBeNull();
    expect(line.fillTo(at(9))).toBe(2);
  });

  test('never grows beyond its greatest length', () => {
    const line = timeline(3);
    line.place(at(0));
    expect(line.place(at(5))).toBeNull();
    expect(line.fillTo(at(100))).toBe(2);
    expect(line.isFull()).toBe(true);
  });
});

test('the grid is put at the median phase of the frames before it', () => {
  const frames = [0, 1, 2, 3, 4].map((slot) => slot * FRAME_US + 5_000);
  expect(lockPhase(10 * FRAME_US, frames, 30)).toBeCloseTo(10 * FRAME_US + 5_000, 3);
});
