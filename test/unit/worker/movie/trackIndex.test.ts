import { expect, test } from 'vitest';
import { sampleTables } from '../../../../worker/movie/mp4/sampleTables.ts';
import { createTrackIndex } from '../../../../worker/movie/mp4/trackIndex.ts';

const MIB = 1024 * 1024;
const sample = (duration = 10, isSync = true) => ({ size: 100, duration, isSync, shift: 0 });
const samples = (count: number, duration = 10) => Array.from({ length: count }, () => sample(duration));
const durationsOf = (index: ReturnType<typeof createTrackIndex>) => {
  const { counts, values } = index.durations();
  const all = Array.from({ length: values.length }, (_, at) => [counts.at(at), values.at(at)]);
  return all.filter(([count]) => count !== 0);
};

test('equal durations are counted', () => {
  const index = createTrackIndex();
  index.addChunk({ offset: 0, startTime: 0, description: 1, samples: samples(3) });
  index.addChunk({ offset: 300, startTime: 30, description: 1, samples: samples(2) });
  expect(durationsOf(index)).toEqual([[5, 10]]);
  expect(index.endTime()).toBe(50);
});

test('the last sample before a gap lasts until the first one after it', () => {
  const index = createTrackIndex();
  index.addChunk({ offset: 0, startTime: 0, description: 1, samples: samples(3) });
  index.addChunk({ offset: 300, startTime: 100, description: 1, samples: samples(2) });
  expect(durationsOf(index)).toEqual([
    [2, 10],
    [1, 80],
    [2, 10],
  ]);
});

test('samples that begin before the end of what is there are left out', () => {
  const index = createTrackIndex();
  index.addChunk({ offset: 0, startTime: 0, description: 1, samples: samples(3) });
  index.addChunk({ offset: 300, startTime: 7, description: 1, samples: samples(4) });
  expect(index.sizes.length).toBe(5);
  expect(index.chunks.offsets.at(1)).toBe(500);
  expect(durationsOf(index)).toEqual([
    [2, 10],
    [1, 7],
    [2, 10],
  ]);
});

test('twelve hours of pictures and sound need less than 60 MiB, with their tables', () => {
  const before = process.memoryUsage();
  const video = createTrackIndex();
  const audio = createTrackIndex();
  const second = { pictures: samples(30, 1), packets: samples(47, 1021) };
  for (let at = 0; at < 12 * 3600; at++) {
    video.addChunk({ offset: at * 5e5, startTime: at * 30, description: 1, samples: second.pictures });
    audio.addChunk({ offset: at * 5e5, startTime: at * 48_000, description: 1, samples: second.packets });
  }
  const tables = [...sampleTables(video), ...sampleTables(audio)];
  const after = process.memoryUsage();
  const used = after.arrayBuffers - before.arrayBuffers;
  expect(tables.reduce((sum, { length }) => sum + length, 0)).toBeGreaterThan(12 * MIB);
  expect(used).toBeLessThan(60 * MIB);
});
