import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createSlotEncoder } from '../../../../../worker/capture/recorder/createSlotEncoder.ts';
import { FakeVideoEncoder, FakeVideoFrame } from './fakeVideoEncoder.ts';

const FRAME = new FakeVideoFrame(null, { timestamp: 0 }) as unknown as VideoFrame;

beforeEach(() => {
  vi.stubGlobal('VideoEncoder', FakeVideoEncoder);
  vi.stubGlobal('VideoFrame', FakeVideoFrame);
  FakeVideoEncoder.forget();
});

afterEach(() => {
  vi.unstubAllGlobals();
});

function start() {
  const onError = vi.fn();
  const slots = createSlotEncoder({
    picture: { widthPx: 640, heightPx: 360, framesPerSecond: 30 },
    encoding: {
      container: 'mp4',
      h264Profile: 'baseline',
      videoBitrateBps: 1_000_000,
      audioBitrateBps: 128_000,
      keyFrameIntervalS: 2,
    },
    movie: { addPicture: () => {} },
    firstSlot: 0,
    writtenS: 0,
    onError,
  });
  return { slots, onError, encoder: FakeVideoEncoder.made[0] as FakeVideoEncoder };
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
    slots.encode(0, FRAME);
    slots.skip(29);
    await slots.finish(29, FRAME);
    expect(encoder.encoded.at(-1)?.timestamp).toBe(966_667);
    expect(slots.counts()).toEqual({ frames: 2, droppedFrames: 28 });
    expect(encoder.state).toBe('closed');
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
