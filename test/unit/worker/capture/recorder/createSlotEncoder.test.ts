import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createSlotEncoder } from '../../../../../worker/capture/recorder/createSlotEncoder.ts';
import { FakeVideoChunk, FakeVideoEncoder, FakeVideoFrame } from './fakeVideoEncoder.ts';
import { slice } from './h264/slices.ts';

const FRAME = new FakeVideoFrame(null, { timestamp: 0 }) as unknown as VideoFrame;

beforeEach(() => {
  vi.stubGlobal('VideoEncoder', FakeVideoEncoder);
  vi.stubGlobal('VideoFrame', FakeVideoFrame);
  vi.stubGlobal('EncodedVideoChunk', FakeVideoChunk);
  FakeVideoEncoder.forget();
});

afterEach(() => {
  vi.unstubAllGlobals();
});

function start() {
  const onError = vi.fn();
  const added: number[] = [];
  const slots = createSlotEncoder({
    picture: { widthPx: 640, heightPx: 360, framesPerSecond: 30 },
    encoding: {
      container: 'mp4',
      h264Profile: 'baseline',
      videoBitrateBps: 1_000_000,
      audioBitrateBps: 128_000,
      keyFrameIntervalS: 2,
    },
    movie: { addPicture: (_chunk, _metadata, atS) => added.push(Math.round(atS * 30)) },
    firstSlot: 0,
    writtenS: 0,
    onError,
  });
  return { slots, onError, added, encoder: FakeVideoEncoder.made[0] as FakeVideoEncoder };
}

describe('a slot encoder', () => {
  test('drops and counts what comes while it is five pictures behind', () => {
    const { slots, encoder } = start();
    for (let slot = 0; slot < 7; slot++) slots.encode(slot, FRAME);
    expect(encoder.encoded).toHaveLength(5);
    expect(slots.counts()).toEqual({ frames: 5, droppedFrames: 2 });
  });

  test('makes the next picture a key frame if the one on the grid was dropped', () => {
    const { slots, encoder } = start();
    slots.encode(0, FRAME);
    encoder.encodeQueueSize = 5;
    slots.encode(60, FRAME);
    encoder.encodeQueueSize = 0;
    slots.encode(61, FRAME);
    slots.encode(62, FRAME);
    expect(encoder.encoded.map(({ keyFrame }) => keyFrame)).toEqual([true, true, false]);
  });

  test('fills the last slot, which then does not count as dropped', async () => {
    const { slots, encoder } = start();
    encoder.makes = (index) => slice({ isKey: index === 0, frameNum: index, order: 2 * index });
    slots.encode(0, FRAME);
    slots.skip(29);
    await slots.finish(29, FRAME);
    expect(encoder.encoded.at(-1)?.timestamp).toBe(966_667);
    expect(slots.counts()).toEqual({ frames: 2, droppedFrames: 28 });
    expect(encoder.state).toBe('closed');
  });

  describe('that shows a picture again', () => {
    /** The encoder makes every second picture so that no other one depends on it, but for those that are named. */
    function startStill({ unlike = [] as number[] } = {}) {
      const started = start();
      started.encoder.makes = (index) => {
        const isReference = (index % 2 === 0) !== unlike.includes(index);
        return slice({ isKey: index === 0, isReference, frameNum: index >> 1, order: 2 * index });
      };
      started.slots.encode(0, FRAME);
      started.encoder.work();
      return started;
    }

    test('does so without its encoder, and before the next picture', () => {
      const { slots, encoder, added } = startStill();
      slots.repeat(FRAME, 3, 4);
      slots.encode(4, FRAME);
      encoder.work();
      expect(added).toEqual([0, 1, 2, 3, 4]);
      expect(encoder.encoded).toHaveLength(2);
      expect(slots.counts()).toEqual({ frames: 5, droppedFrames: 0 });
    });

    test('asks its encoder where the picture that it works on is one that cannot be shown again', async () => {
      const { slots, encoder, added } = startStill();
      slots.encode(1, FRAME);
      slots.repeat(FRAME, 3, 5);
      expect(encoder.encoded).toHaveLength(3);
      await slots.finish(4, FRAME);
      expect(added).toEqual([0, 1, 2, 3, 4]);
      expect(slots.counts()).toEqual({ frames: 5, droppedFrames: 0 });
    });

    test('fills the last slot where that turns out to be so only at the end', async () => {
      const { slots, added } = startStill({ unlike: [2] });
      slots.encode(1, FRAME);
      slots.encode(2, FRAME);
      slots.repeat(FRAME, 2, 5);
      await slots.finish(4, FRAME);
      expect(added).toEqual([0, 1, 2, 4]);
      expect(slots.counts()).toEqual({ frames: 4, droppedFrames: 1 });
    });
  });

  test.each([
    ['that was closed', (slots: { close(): void }) => slots.close()],
    ['that has failed', (_slots: unknown, encoder: FakeVideoEncoder) => encoder.fail('out of memory')],
  ])('%s takes nothing more, and counts nothing more', async (_what, end) => {
    const { slots, encoder } = start();
    slots.encode(0, FRAME);
    end(slots, encoder);
    slots.encode(1, FRAME);
    slots.repeat(FRAME, 3, 5);
    slots.skip(7);
    await slots.finish(20, FRAME);
    slots.close();
    expect(encoder.encoded).toHaveLength(1);
    expect(slots.counts()).toEqual({ frames: 1, droppedFrames: 0 });
  });

  test('reports when it fails', () => {
    const { onError, encoder } = start();
    encoder.fail('out of memory');
    expect(onError).toHaveBeenCalledOnce();
  });
});
