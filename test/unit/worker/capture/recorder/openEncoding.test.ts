import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openEncoding } from '../../../../../worker/capture/recorder/openEncoding.ts';
import { openMovie } from '../../../../../worker/capture/recorder/openMovie.ts';
import { FakeVideoEncoder, FakeVideoFrame } from './fakeVideoEncoder.ts';

vi.mock('../../../../../worker/capture/recorder/openMovie.ts', () => ({ openMovie: vi.fn() }));

const FRAME = new FakeVideoFrame(null, { timestamp: 0 }) as unknown as VideoFrame;
const movie = { addPicture: vi.fn(), addSound: vi.fn(), finish: vi.fn(async () => {}), cancel: vi.fn() };

beforeEach(() => {
  vi.stubGlobal('VideoEncoder', FakeVideoEncoder);
  vi.stubGlobal('VideoFrame', FakeVideoFrame);
  FakeVideoEncoder.forget();
  vi.mocked(openMovie).mockResolvedValue(movie);
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.clearAllMocks();
});

async function start(write = async () => {}) {
  const onFailed = vi.fn();
  const encoding = await openEncoding({
    picture: { widthPx: 640, heightPx: 360, framesPerSecond: 30 },
    encoding: {
      container: 'webm',
      h264Profile: 'baseline',
      videoBitrateBps: 1_000_000,
      audioBitrateBps: 128_000,
      keyFrameIntervalS: 2,
    },
    audioOnly: false,
    write,
    onFailed,
  });
  const pictures = encoding.startPictures(0, 0);
  const failToWrite = (reason: string) => vi.mocked(openMovie).mock.lastCall?.[0].onError(new Error(reason));
  return { encoding, pictures, onFailed, failToWrite, encoder: FakeVideoEncoder.made[0] as FakeVideoEncoder };
}

test('an encoding that cannot be written stops encoding, and reports it once', async () => {
  const { encoding, pictures, onFailed, failToWrite, encoder } = await start();
  pictures.encode(0, FRAME);
  failToWrite('the disk is full');
  failToWrite('the disk is still full');
  pictures.encode(1, FRAME);
  encoding.addSound(new Float32Array(2), 0);
  await pictures.finish(30, FRAME);
  await encoding.finish();
  expect(onFailed).toHaveBeenCalledExactlyOnceWith(new Error('the disk is full'));
  expect(encoder.state).toBe('closed');
  expect(movie.cancel).toHaveBeenCalledOnce();
  expect(movie.addSound).not.toHaveBeenCalled();
  expect(movie.finish).not.toHaveBeenCalled();
  expect(encoding.counts()).toEqual({ frames: 1, droppedFrames: 0 });
});

test('a write that fails ends its file at once', async () => {
  const { onFailed, encoder } = await start(() => Promise.reject(new Error('the disk is full')));
  const writing = vi.mocked(openMovie).mock.lastCall?.[0].write(new Uint8Array(1), 0);
  await expect(writing).rejects.toThrow('the disk is full');
  expect(onFailed).toHaveBeenCalledExactlyOnceWith(new Error('the disk is full'));
  expect(encoder.state).toBe('closed');
});

test('an encoder that fails ends its file', async () => {
  const { onFailed, encoder } = await start();
  encoder.fail('out of memory');
  expect(onFailed).toHaveBeenCalledOnce();
  expect(movie.cancel).toHaveBeenCalledOnce();
});

test('a file that cannot be completed has failed, and its finish does not throw', async () => {
  const { encoding, onFailed } = await start();
  movie.finish.mockRejectedValueOnce(new Error('the connection is gone'));
  await encoding.finish();
  expect(onFailed).toHaveBeenCalledExactlyOnceWith(new Error('the connection is gone'));
});
