import { expect, test } from 'vitest';
import { encoderConfig } from '../../../../../worker/capture/recorder/encoderConfig.ts';

const ENCODING = { videoBitrateBps: 3_000_000, audioBitrateBps: 128_000, keyFrameIntervalS: 2 } as const;

test.each([
  ['mp4', 'baseline', 1280, 720, 30, 'avc1.42e01f'],
  ['mp4', 'main', 1280, 720, 60, 'avc1.4d0020'],
  ['mp4', 'high', 1920, 1080, 30, 'avc1.640028'],
  ['mp4', 'high', 1440, 2560, 60, 'avc1.640033'],
  ['webm', 'baseline', 1280, 720, 30, 'vp09.00.31.08'],
  ['webm', 'baseline', 1920, 1080, 60, 'vp09.00.41.08'],
] as const)('%s %s at %i x %i and %i Hz needs the codec %s', (container, h264Profile, widthPx, heightPx, framesPerSecond, codec) => {
  const picture = { widthPx, heightPx, framesPerSecond };
  expect(encoderConfig(picture, { ...ENCODING, container, h264Profile })).toMatchObject({
    codec,
    width: widthPx,
    height: heightPx,
    bitrate: 3_000_000,
  });
});
