import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ComposerMessage, ComposerStats } from '../../../../../shared/recorder/composerMessages.ts';
import type { RecorderOptions } from '../../../../../shared/recorder/recorderCalls.ts';
import { createComposedPictures } from '../../../../../worker/capture/recorder/composedPictures.ts';
import type { Encoding } from '../../../../../worker/capture/recorder/openEncoding.ts';

const PICTURE = { widthPx: 640, heightPx: 360, framesPerSecond: 30 };
const NOW_US = 1e12;
const STATS: ComposerStats = {
  ...{ slots: 3, encodings: [], blankForS: 0, silentForS: 0 },
  ...{ decodedS: 0, why: null },
};
const BEGUN: ComposerMessage = { type: 'begun', startsBlank: false, startUs: NOW_US, firstSlot: 0 };
const picture = (given: Partial<Extract<ComposerMessage, { type: 'picture' }>>): ComposerMessage => ({
  ...{ type: 'picture', encoding: 0, isKey: true, timestampUs: 0, durationUs: 33_333, data: 'AAAA' },
  config: null,
  ...given,
});

beforeEach(() => {
  // Node has neither.
  vi.stubGlobal(
    'EncodedVideoChunk',
    class {
      constructor(init: object) {
        Object.assign(this, init);
      }
    },
  );
  Object.assign(Uint8Array, {
    fromBase64: (text: string) => {
      if (!/^[A-Za-z\d+/]*={0,2}$/.test(text)) throw new SyntaxError('not base64');
      return Uint8Array.from(Buffer.from(text, 'base64'));
    },
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
  Reflect.deleteProperty(Uint8Array, 'fromBase64');
  vi.useRealTimers();
});

function start() {
  const told = { onError: vi.fn(), onFull: vi.fn(), onBegun: vi.fn() };
  const composer = { begin: vi.fn(async () => {}), end: vi.fn(async () => {}) };
  const encoding = { addPicture: vi.fn() };
  const options = { picture: PICTURE, maxDurationS: 60, encodings: [{}] } as unknown as RecorderOptions;
  const pictures = createComposedPictures({ composer, options, nowUs: () => NOW_US, ...told });
  pictures.begin({
    encodings: [encoding as unknown as Encoding],
    continues: null,
    onBegun: told.onBegun,
  });
  return { pictures, composer, encoding, ...told };
}

test('pictures in order go to their encoding', () => {
  const { pictures, encoding, onError } = start();
  for (const message of [BEGUN, picture({}), picture({ timestampUs: 33_333, isKey: false })])
    pictures.take(message);
  expect(encoding.addPicture.mock.calls.map(([, , atS]) => atS)).toEqual([0, 0.033333]);
  expect(onError).not.toHaveBeenCalled();
});

test('a picture that was made after the end is left out of the file, its length and its counts', async () => {
  const { pictures, encoding, onError } = start();
  const at = (slot: number) => picture({ timestampUs: Math.round((slot * 1e6) / 30), isKey: slot === 0 });
  for (const message of [BEGUN, at(0), at(1)]) pictures.take(message);
  expect(pictures.endAt(NOW_US + 100_000)).toBe(0.1);
  const ended = pictures.finish(NOW_US + 100_000);
  for (const slot of [2, 3, 4]) pictures.take(at(slot));
  const counts = [{ frames: 5, droppedFrames: 0 }];
  pictures.take({ type: 'finished', stats: { ...STATS, slots: 5, encodings: counts } });
  await ended;
  expect(encoding.addPicture).toHaveBeenCalledTimes(3);
  expect([pictures.durationS(), pictures.counts()]).toEqual([0.1, [{ frames: 3, droppedFrames: 0 }]]);
  expect(onError).not.toHaveBeenCalled();
});

test('a recording that is full has its whole length, although its last picture came early for its slot', () => {
  const { pictures, onFull } = start();
  pictures.take(BEGUN);
  pictures.take({ type: 'full' });
  expect(onFull).toHaveBeenCalledOnce();
  expect(pictures.endAt(NOW_US + 60e6 - 45_000)).toBe(60);
  // A page that says so although it is not has nothing of it.
  const early = start();
  early.pictures.take(BEGUN);
  early.pictures.take({ type: 'full' });
  expect(early.pictures.endAt(NOW_US + 1e6)).toBeCloseTo(32 / 30);
});

test('a recording ends no earlier than the last picture that has come', () => {
  const { pictures } = start();
  for (const message of [BEGUN, picture({}), picture({ timestampUs: 100_000 })]) pictures.take(message);
  expect(pictures.endAt(NOW_US + 33_333)).toBeCloseTo(4 / 30);
});

describe('a page that tells what cannot be ends its capture, which says so', () => {
  test.each<[string, ComposerMessage[]]>([
    ['a start in another time', [{ ...BEGUN, startUs: 0 } as ComposerMessage]],
    ['a start that never comes', [{ ...BEGUN, startUs: 1e300 } as ComposerMessage]],
    ['a first picture far behind the start', [{ ...BEGUN, firstSlot: 1e9 } as ComposerMessage]],
    ['a picture of an encoding that is not', [BEGUN, picture({ encoding: 1 })]],
    ['a picture of the next year', [BEGUN, picture({ timestampUs: 3e13 })]],
    ['a picture after a later one', [BEGUN, picture({ timestampUs: 33_333 }), picture({})]],
    ['a picture that is no base64', [BEGUN, picture({ data: '!' })]],
    ['more slots than there was time for', [BEGUN, { type: 'stats', stats: { ...STATS, slots: 1e9 } }]],
    [
      'pictures that do not come',
      [
        BEGUN,
        { type: 'stats', stats: { ...STATS, slots: 100, encodings: [{ frames: 100, droppedFrames: 0 }] } },
      ],
    ],
    ['an end that nobody has asked for', [BEGUN, { type: 'finished', stats: STATS }]],
  ])('%s', (_, messages) => {
    const { pictures, encoding, onError } = start();
    for (const message of messages) pictures.take(message);
    expect(onError).toHaveBeenCalledOnce();
    const before = encoding.addPicture.mock.calls.length;
    pictures.take(picture({ timestampUs: 66_666 }));
    expect(encoding.addPicture).toHaveBeenCalledTimes(before);
    expect(onError).toHaveBeenCalledOnce();
  });
});

test('a page that has begun and gives no picture ends its capture, which says so', async () => {
  const { pictures, composer, onError } = start();
  composer.end.mockRejectedValue(new Error('the page is gone'));
  pictures.take(BEGUN);
  await pictures.finish(NOW_US);
  expect(String(onError.mock.calls)).toContain('pictures of 0 encodings, where there are 1');
});

test('a page that begins a second time, or before it was told to, changes nothing', () => {
  const { pictures, onBegun, onError } = start();
  pictures.take(BEGUN);
  pictures.take({ ...BEGUN, startUs: 0 } as ComposerMessage);
  expect(pictures.startUs).toBe(NOW_US);
  expect(onBegun).toHaveBeenCalledOnce();
  expect(onError).not.toHaveBeenCalled();
});

test('a page that never answers when it is to end holds the end up for three seconds', async () => {
  vi.useFakeTimers();
  const { pictures, composer } = start();
  composer.end.mockReturnValue(new Promise<never>(() => {}));
  pictures.take(BEGUN);
  let isFinished = false;
  void pictures.finish(NOW_US).then(() => {
    isFinished = true;
  });
  await vi.advanceTimersByTimeAsync(3_000);
  expect(isFinished).toBe(true);
});
