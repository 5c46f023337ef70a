import { EventEmitter } from 'node:events';
import type { Page } from 'puppeteer';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RecorderCalls, WorkerCalls } from '../../../../shared/recorder/recorderCalls.ts';
import type { CaptureStats } from '../../../../shared/recorder/recorderMessages.ts';
import { NOTHING_CAPTURED } from '../../../../worker/capture/captureState.ts';
import { type ByteWriter, type Composing, openCapture } from '../../../../worker/capture/openCapture.ts';
import { RecordingError } from '../../../../worker/recordingError.ts';

const ENCODING = {
  container: 'mp4',
  h264Profile: 'baseline',
  videoBitrateBps: 1_000_000,
  audioBitrateBps: 128_000,
  keyFrameIntervalS: 2,
} as const;
const PICTURE = { widthPx: 640, heightPx: 360, framesPerSecond: 30 };

/** A recorder page as the worker sees it: what is evaluated in it runs here, with the given `recorder`. */
class RecorderPage extends EventEmitter {
  readonly inBrowser = new EventEmitter();
  readonly worker = {} as WorkerCalls;
  readonly recorder = {
    open: vi.fn<RecorderCalls['open']>(async () => {}),
    begin: vi.fn<RecorderCalls['begin']>(async () => {}),
    takeComposed: vi.fn<RecorderCalls['takeComposed']>(async () => {}),
    stop: vi.fn<RecorderCalls['stop']>(async () => NOTHING_CAPTURED),
    pause: vi.fn<RecorderCalls['pause']>(async () => NOTHING_CAPTURED),
    resume: vi.fn<RecorderCalls['resume']>(async () => {}),
  };

  browser = () => this.inBrowser;
  bringToFront = async () => {};
  exposeFunction = async (name: string, call: never) => {
    Object.assign(this.worker, { [name]: call });
  };
  createCDPSession = async () => ({
    send: async () => ({
      metrics: [
        { name: 'NavigationStart', value: 2 },
        { name: 'Timestamp', value: Number(process.hrtime.bigint()) / 1e9 },
      ],
    }),
    detach: async () => {},
  });
  /** As it arrives in a page: the function's text, which sees nothing of the module around it. */
  evaluate = async (call: (...given: unknown[]) => unknown, ...given: unknown[]) =>
    new Function('recorder', 'given', `return (${call})(...given)`)(
      this.recorder,
      JSON.parse(JSON.stringify(given)),
    );
}

let page: RecorderPage;

beforeEach(() => {
  page = new RecorderPage();
});

afterEach(() => {
  vi.useRealTimers();
});

function open(encodings = [ENCODING], composing: Composing | null = null) {
  const options = { audioOnly: false, picture: PICTURE, maxDurationS: 60, encodings, composing };
  return openCapture(page as unknown as Page, 'about:blank#1', options);
}

/** A writer that keeps what it is given, as text. */
function keeper() {
  const written: [string, number][] = [];
  const writer: ByteWriter = {
    write: async (bytes, position) => {
      written.push([Buffer.from(bytes).toString(), position]);
    },
  };
  return { writer, written };
}

const refusing: ByteWriter = {
  write: async () => {
    throw new RecordingError('storage_failed', 'the disk is full');
  },
};

const unanswered = () => new Promise<never>(() => {});

const base64 = (text: string) => Buffer.from(text).toString('base64');

test('the recorder page is told the tab, the picture, every encoding and its own time origin', async () => {
  await open();
  expect(page.recorder.open).toHaveBeenCalledExactlyOnceWith({
    targetTabUrl: 'about:blank#1',
    audioOnly: false,
    picture: PICTURE,
    encodings: [ENCODING],
    maxDurationS: 60,
    timeOriginUs: 2_000_000,
  });
});

test('where a recording goes on, the page is told at begin since when and up to where', async () => {
  const capture = await open();
  const written = [{ videoS: 2, audioS: 1.9 }];
  const continues = { startMonotonicMs: 1_500, afterPause: 'skip', written } as const;
  await capture.begin([keeper().writer], continues);
  const told = { startUs: 1_500_000, afterPause: 'skip', written };
  expect(page.recorder.begin).toHaveBeenCalledExactlyOnceWith(told, false);
});

describe('a pause', () => {
  test('lets go of the tab, and what comes after it goes to other writers', async () => {
    const capture = await open();
    const [before, after] = [keeper(), keeper()];
    await capture.begin([before.writer], null);
    await page.worker.recorderBytes(0, 'AAAA', 0);
    await capture.pause();
    await capture.pause();
    expect(page.recorder.pause).toHaveBeenCalledOnce();
    await capture.resume();
    expect(page.recorder.resume).toHaveBeenCalledOnce();
    expect(capture.state().begun).toBeNull();
    const bytes = page.worker.recorderBytes(0, 'BBBB', 0);
    await capture.begin([after.writer], null);
    await bytes;
    expect([before.written.length, after.written.length]).toEqual([1, 1]);
  });

  test('that is asked for before the recording has begun lets nothing begin', async () => {
    const capture = await open();
    await capture.begin([keeper().writer], null, AbortSignal.abort());
    expect(page.recorder.begin).not.toHaveBeenCalled();
  });

  test('that the recorder page does not outlive is a failure', async () => {
    const capture = await open();
    page.recorder.pause.mockRejectedValueOnce(new Error('gone'));
    await capture.pause();
    expect(capture.state().failure?.code).toBe('capture_failed');
  });
});

describe('where the page composes its pictures', () => {
  function composing(open: () => Promise<void>) {
    const composer = {
      onAsked: vi.fn<Composing['composer']['onAsked']>(),
      isAsked: async () => true,
      open: vi.fn<Composing['composer']['open']>(open),
      giveUp: vi.fn(async () => {}),
      begin: vi.fn(async () => {}),
      end: vi.fn(async () => {}),
      picture: vi.fn(async () => null),
    };
    return { composer, tab: page as never, noteDrawn: vi.fn() };
  }

  test('the recorder page is told to take them, and what the composer tells goes there', async () => {
    const given = composing(async () => {});
    const capture = await open([ENCODING], given);
    await capture.begin([keeper().writer], null);
    expect(page.recorder.begin).toHaveBeenCalledExactlyOnceWith(null, true);
    const [options, hear] = given.composer.open.mock.calls[0] ?? [];
    expect(options).toMatchObject({ picture: PICTURE, timeOriginUs: 2_000_000 });
    const stats = { slots: 1, encodings: [], blankForS: 0, silentForS: 0, decodedS: 0, why: 'a filter' };
    hear?.([{ type: 'stats', stats }]);
    expect(page.recorder.takeComposed).toHaveBeenCalledExactlyOnceWith([{ type: 'stats', stats }]);
    expect(given.noteDrawn).toHaveBeenCalledExactlyOnceWith('a filter');
    await page.worker.composerBegin(null);
    await page.worker.composerEnd(7);
    expect(given.composer.begin).toHaveBeenCalledExactlyOnceWith(null);
    expect(given.composer.end).toHaveBeenCalledExactlyOnceWith(7);
  });

  test('the tab is captured where it cannot, and its videos are drawn', async () => {
    const given = composing(async () => Promise.reject(new Error('no permission')));
    const capture = await open([ENCODING], given);
    await capture.begin([keeper().writer], null);
    expect(page.recorder.begin).toHaveBeenCalledExactlyOnceWith(null, false);
    expect(given.composer.giveUp).toHaveBeenCalledOnce();
    expect(given.noteDrawn).toHaveBeenCalledExactlyOnceWith('no permission');
  });

  test.each([
    'isAsked',
    'open',
    'giveUp',
  ] as const)('the tab is captured where its page never answers to %s', async (held) => {
    vi.useFakeTimers();
    const given = composing(async () => Promise.reject(new Error('no permission')));
    Object.assign(given.composer, { [held]: () => new Promise<never>(() => {}) });
    const capture = await open([ENCODING], given);
    const beginning = capture.begin([keeper().writer], null);
    await vi.advanceTimersByTimeAsync(15_000);
    await beginning;
    expect(page.recorder.begin).toHaveBeenCalledExactlyOnceWith(null, false);
    expect(given.noteDrawn).toHaveBeenCalledOnce();
  });

  test('a page that asks while it loads gets ready at once, and only once', async () => {
    const given = composing(async () => {});
    const capture = await open([ENCODING], given);
    given.composer.onAsked.mock.calls[0]?.[0]();
    await vi.waitFor(() => expect(given.composer.open).toHaveBeenCalledOnce());
    await capture.begin([keeper().writer], null);
    expect(given.composer.open).toHaveBeenCalledOnce();
    expect(page.recorder.begin).toHaveBeenCalledExactlyOnceWith(null, true);
  });

  test('a document that goes while it gets ready does not keep the next one from composing', async () => {
    let fail: (error: Error) => void = () => {};
    const given = composing(() => new Promise((_, reject) => (fail = reject)));
    const capture = await open([ENCODING], given);
    const asked = () => given.composer.onAsked.mock.calls[0]?.[0]();
    asked();
    await vi.waitFor(() => expect(given.composer.open).toHaveBeenCalledOnce());
    given.composer.open.mockResolvedValue();
    asked();
    fail(new Error('the document is gone'));
    await capture.begin([keeper().writer], null);
    expect(page.recorder.begin).toHaveBeenCalledExactlyOnceWith(null, true);
    expect(given.composer.giveUp).not.toHaveBeenCalled();
    expect(given.noteDrawn).not.toHaveBeenCalled();
  });

  test('the tab is captured where its page cannot even be asked', async () => {
    const given = composing(async () => {});
    given.composer.isAsked = async () => Promise.reject(new Error('compositorComposer is not defined'));
    const capture = await open([ENCODING], given);
    await capture.begin([keeper().writer], null);
    expect(page.recorder.begin).toHaveBeenCalledExactlyOnceWith(null, false);
  });
});

describe('with two encodings', () => {
  test('each writer gets the bytes of its own encoding, including those from before begin', async () => {
    const capture = await open([ENCODING, ENCODING]);
    const [first, second] = [keeper(), keeper()];
    const early = page.worker.recorderBytes(1, base64('early'), 0);
    await capture.begin([first.writer, second.writer], null);
    await early;
    await page.worker.recorderBytes(0, base64('late'), 7);
    expect(first.written).toEqual([['late', 7]]);
    expect(second.written).toEqual([['early', 0]]);
  });

  test('a writer that fails ends its own encoding, and the page is told', async () => {
    const capture = await open([ENCODING, ENCODING]);
    await capture.begin([refusing, keeper().writer], null);
    await expect(page.worker.recorderBytes(0, base64('x'), 0)).rejects.toThrow('the disk is full');
    // The page says so too, in words of its own: what was known first stays.
    await page.worker.recorderMessage({ type: 'encoding_failed', encoding: 0, message: 'write failed' });
    const { encodingFailures, failure } = capture.state();
    expect(encodingFailures).toEqual([expect.objectContaining({ code: 'storage_failed' }), null]);
    expect(failure).toBeNull();
  });

  test('a writer that has failed is given nothing more, so that its file has no gap', async () => {
    const capture = await open([ENCODING, ENCODING]);
    const write = vi.fn<ByteWriter['write']>().mockRejectedValueOnce(new Error('a hiccup'));
    await capture.begin([{ write }, keeper().writer], null);
    await expect(page.worker.recorderBytes(0, base64('x'), 0)).rejects.toThrow('a hiccup');
    await expect(page.worker.recorderBytes(0, base64('y'), 1)).rejects.toThrow('a hiccup');
    expect(write).toHaveBeenCalledOnce();
  });

  test('the capture has failed once both encodings have', async () => {
    const capture = await open([ENCODING, ENCODING]);
    await page.worker.recorderMessage({ type: 'encoding_failed', encoding: 1, message: 'no encoder' });
    expect(capture.state().failure).toBeNull();
    await page.worker.recorderMessage({ type: 'encoding_failed', encoding: 0, message: 'none at all' });
    expect(capture.state().failure).toMatchObject({ code: 'capture_failed', message: 'none at all' });
  });

  test('there must be as many writers as encodings', async () => {
    const capture = await open([ENCODING, ENCODING]);
    await expect(capture.begin([keeper().writer], null)).rejects.toThrow('2 encodings were given 1 writers');
  });
});

describe('a stop', () => {
  test('resolves to the last figures, which the state also holds', async () => {
    const last: CaptureStats = { ...NOTHING_CAPTURED, frames: 90, durationS: 3 };
    page.recorder.stop.mockResolvedValue(last);
    const capture = await open();
    expect(await capture.stop()).toEqual(last);
    expect(capture.state()).toMatchObject({ stats: last, failure: null });
  });

  test.each([
    ['the recorder page crashes', () => page.emit('error', new Error('Page crashed!')), 'capture_failed'],
    ['the recorder page is closed', () => page.emit('close'), 'capture_failed'],
    ['the browser ends', () => page.inBrowser.emit('disconnected'), 'browser_failed'],
  ])('does not wait for an answer where %s', async (_what, happen, code) => {
    vi.useFakeTimers();
    page.recorder.stop.mockImplementation(unanswered);
    const capture = await open();
    const known: CaptureStats = { ...NOTHING_CAPTURED, durationS: 2 };
    await page.worker.recorderMessage({ type: 'stats', stats: known });
    const stopped = capture.stop();
    happen();
    expect(await stopped).toEqual(known);
    expect(capture.state().failure).toMatchObject({ code });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('does not wait for a page that crashed before it', async () => {
    page.recorder.stop.mockImplementation(unanswered);
    const capture = await open();
    page.emit('error', new Error('Page crashed!'));
    await capture.stop();
    expect(capture.state().failure?.message).toBe('The recorder page crashed');
  });

  test('waits 8 s for a page that does not answer', async () => {
    vi.useFakeTimers();
    page.recorder.stop.mockImplementation(unanswered);
    const capture = await open();
    const stopped = capture.stop();
    await vi.advanceTimersByTimeAsync(8_000);
    await stopped;
    expect(capture.state().failure?.message).toBe('The recorder did not finish within 8000 ms');
  });
});

describe('a recorder page that does not answer', () => {
  test('is given up when it opens the stream', async () => {
    vi.useFakeTimers();
    page.recorder.open.mockImplementation(unanswered);
    const opening = expect(open()).rejects.toMatchObject({ code: 'capture_failed' });
    await vi.advanceTimersByTimeAsync(15_000);
    await opening;
  });

  test('is given up when it begins to record', async () => {
    vi.useFakeTimers();
    page.recorder.begin.mockImplementation(unanswered);
    const capture = await open();
    const beginning = expect(capture.begin([keeper().writer], null)).rejects.toMatchObject({
      code: 'capture_failed',
    });
    await vi.advanceTimersByTimeAsync(15_000);
    await beginning;
  });
});

test('a tab that cannot be captured is an error that gives the reason', async () => {
  page.recorder.open.mockRejectedValue(new Error('no tab shows about:blank#1'));
  await expect(open()).rejects.toMatchObject({
    code: 'capture_failed',
    message: 'The tab cannot be captured: no tab shows about:blank#1',
  });
});
