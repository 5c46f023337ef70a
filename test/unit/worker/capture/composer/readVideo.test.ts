import { expect, test } from 'vitest';
import { readVideo } from '../../../../../worker/capture/composer/compose/readVideo.ts';
import type { Kernel } from '../../../../../worker/capture/composer/openKernel.ts';

/** A frame of two by two pixels, all of which have its number. */
function frame(number: number, closed: number[]): VideoFrame {
  return {
    ...{ displayWidth: 2, displayHeight: 2, format: 'I420' },
    copyTo: async (into: Uint8Array) => void into.fill(number),
    close: () => closed.push(number),
  } as unknown as VideoFrame;
}

function startVideo() {
  const bytes = new Uint8Array(1_000);
  const kernel = { bytes, allocate: () => 0, free: () => {} } as unknown as Kernel;
  const { readable, writable } = new TransformStream<VideoFrame, VideoFrame>();
  const writer = writable.getWriter();
  const closed: number[] = [];
  const video = readVideo(kernel, readable, () => {});
  return {
    video,
    closed,
    come: async (...numbers: number[]) => {
      for (const number of numbers) await writer.write(frame(number, closed));
      await new Promise((resolve) => setImmediate(resolve)); // a stream passes on what it has in microtasks
    },
    /** The number of the frame that is shown next, and whether it is a new one. */
    next: async () => {
      const read = await video.read();
      return read && [bytes[read.planes.address], read.isNew];
    },
  };
}

test('a frame that comes late does not hide the one behind it', async () => {
  const { come, next, closed } = startVideo();
  expect(await next()).toBeNull();
  await come(1);
  expect(await next()).toEqual([1, true]);
  expect(await next()).toEqual([1, false]);
  await come(2, 3);
  expect(await next()).toEqual([2, true]);
  await come(4);
  expect(await next()).toEqual([3, true]);
  expect(await next()).toEqual([4, true]);
  expect(closed).toEqual([1, 2, 3, 4]);
});

test('of a video with twice as many frames, every second one is shown', async () => {
  const { come, next, closed } = startVideo();
  const shown: unknown[] = [];
  for (let number = 0; number < 12; number += 2) {
    await come(number, number + 1);
    shown.push((await next())?.[0]);
  }
  expect(shown).toEqual([0, 2, 4, 6, 8, 10]);
  expect(closed).toHaveLength(11);
});

test('what waits is closed with the video, and so is what comes later', async () => {
  const { video, come, closed } = startVideo();
  await come(1, 2);
  video.close();
  expect(closed).toEqual([1, 2]);
});
