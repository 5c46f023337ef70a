import pTimeout from 'p-timeout';
import type { Page, Target } from 'puppeteer';
import type { ComposerOptions } from '../../shared/recorder/composerCalls.ts';
import type { ComposerMessage } from '../../shared/recorder/composerMessages.ts';
import type {
  ContinuedTimeline,
  PictureFormat,
  RecordedEncoding,
  RecorderCalls,
  WorkerCalls,
} from '../../shared/recorder/recorderCalls.ts';
import type { CaptureStats } from '../../shared/recorder/recorderMessages.ts';
import { asRecordingError, messageOf, RecordingError } from '../recordingError.ts';
import {
  type CaptureState,
  initialState,
  stateAfter,
  withEncodingFailure,
  withFailure,
} from './captureState.ts';
import { exposeCalls } from './exposeCalls.ts';
import { openTabStream, readClock } from './openTabStream.ts';
import { whileAlive } from './whileAlive.ts';

/** The tab's stream, open and ready to be recorded. */
export interface Capture {
  state(): CaptureState;
  /** How many characters of the recording have come from the recorder page, in base64. */
  receivedBytes(): number;
  /**
   * Starts to record with the next picture that is not blank; one that goes on takes any picture. `writers[i]` takes
   * the bytes of `encodings[i]`. `continues` is null where the recording begins with this capture. Nothing begins once
   * `unless` is aborted. Throws capture_failed and browser_failed.
   */
  begin(
    writers: readonly ByteWriter[],
    continues: ContinuedCapture | null,
    unless?: AbortSignal,
  ): Promise<void>;
  /**
   * Ends the recording and resolves once the last bytes are written. After a failure it keeps what was
   * captured before.
   */
  stop(): Promise<CaptureStats>;
  /**
   * Ends what is recorded in the same way, and reads nothing of the tab any more until `resume`. It may not have begun. A
   * failure is told by the state.
   */
  pause(): Promise<CaptureStats>;
  /** Gets ready to begin again after a pause. Throws capture_failed and browser_failed. */
  resume(): Promise<void>;
  /** The last picture as a JPEG, at most 640 pixels wide; null where there is none, or where none comes in time. */
  picture(): Promise<Uint8Array | null>;
}

/** Takes the bytes of one file. */
export interface ByteWriter {
  /** Resolves once the bytes are taken. A slow target therefore slows the writer. */
  write(bytes: Uint8Array, position: number): Promise<void>;
}

/** A recording that another recorder page began, in the times of this machine. */
export interface ContinuedCapture {
  /** The instant of the recording's first picture, on the machine's monotonic clock. It may be negative. */
  readonly startMonotonicMs: number;
  /** The pause that is over now; null where something was lost instead. */
  readonly afterPause: ContinuedTimeline['afterPause'];
  /** Up to where the file of each encoding is written, in seconds of the recording. */
  readonly written: ContinuedTimeline['written'];
}

export interface CaptureOptions {
  readonly audioOnly: boolean;
  readonly picture: PictureFormat;
  readonly maxDurationS: number;
  /** At least one. Each encoding becomes a file of its own with the same pictures and the same sound. */
  readonly encodings: readonly RecordedEncoding[];
  /** How the page may compose its pictures itself; null where the tab is captured in any case. */
  readonly composing: Composing | null;
}

export interface Composing {
  readonly composer: TabComposer;
  readonly tab: Pick<Target, 'createCDPSession'>;
  /** Is told why the browser has to draw the videos of a page that wants to compose its pictures; null where it no longer has to. */
  readonly noteDrawn: (why: string | null) => void;
}

/** The composer of the recorded tab, whose page may be gone. */
export interface TabComposer {
  onAsked(listener: () => void): void;
  isAsked(): Promise<boolean>;
  open(options: ComposerOptions, hear: (messages: readonly ComposerMessage[]) => void): Promise<void>;
  giveUp(): Promise<void>;
  begin(continues: ContinuedTimeline | null): Promise<void>;
  end(atUs: number): Promise<void>;
  picture(): Promise<string | null>;
}

declare const recorder: RecorderCalls; // exists in the recorder page

/** A stop takes 0.1 s. If a machine is so busy that it takes this long, what is still missing is lost. */
const STOP_TIMEOUT_MS = 8_000;
/** A stream is opened within a second. A page that does not answer for this long never will. */
const ANSWER_TIMEOUT_MS = 15_000;
/** A composer is open within a second, and lets the videos play themselves in half a second. */
const COMPOSER_TIMEOUT_MS = 10_000;
const GIVE_UP_TIMEOUT_MS = 2_000;
/** A picture is made in 20 ms. Whoever asks does not wait for longer, and none of this size is larger, in characters of base64. */
const PICTURE_TIMEOUT_MS = 1_000;
const LARGEST_PICTURE = 1_000_000;
const JPEG_BEGINS = Buffer.from([0xff, 0xd8, 0xff]);

/**
 * Opens the tab's stream in the recorder page of our extension, which encodes and muxes in a process of its
 * own. So the recording survives if the recorded page crashes or reloads, and no rule of that page can forbid
 * it. The recorder page then comes to the foreground, so that the browser window is not composited a second
 * time. Throws capture_failed and browser_failed.
 */
export async function openCapture(
  page: Page,
  targetTabUrl: string,
  { composing, ...options }: CaptureOptions,
): Promise<Capture> {
  const { encodings } = options;
  let state = initialState(encodings.length);
  let clock = { aheadUs: 0 };
  let receivedBytes = 0;
  const alive = whileAlive(page);
  page.on('error', () => {
    state = withFailure(state, new RecordingError('capture_failed', 'The recorder page crashed'));
  });
  // The first bytes of each file are ready before its writer is known.
  let writers = awaitedWriters();
  await exposeCalls<WorkerCalls>(page, {
    recorderMessage: async (message) => {
      state = stateAfter(state, message, clock.aheadUs);
    },
    recorderBytes: async (encoding, base64, position) => {
      receivedBytes += base64.length;
      const writer = (await writers.given)[encoding];
      const known = state.encodingFailures[encoding];
      if (known) throw known; // what follows a gap is of no use
      try {
        await writer?.write(Buffer.from(base64, 'base64'), position);
      } catch (error) {
        state = withEncodingFailure(state, encoding, asRecordingError(error, 'storage_failed'));
        throw error;
      }
    },
    composerBegin: async (continues) => composing?.composer.begin(continues),
    composerEnd: async (atUs) => composing?.composer.end(atUs),
  });

  /** Whether the page composes its pictures itself, once that was asked for. */
  let composed: Promise<boolean> | null = null;
  let hasBegun = false;
  let documents = 0;
  let wasComposed = false;
  let isPaused = false;

  function leaveDocument(): void {
    documents++;
    composed = null;
  }

  /** Lets a page that composes its pictures get ready while it loads, so that the first of them is there when the recording begins. */
  composing?.composer.onAsked(() => {
    if (hasBegun || isPaused) return;
    if (composed !== null) leaveDocument();
    const opening = openedComposer();
    composed = opening;
    void opening.then((isComposed) => {
      if (!isComposed && composed === opening) composed = null; // the page may ask later
    });
  });

  /**
   * Resolves to whether the page composes its pictures itself. Whatever goes wrong, it can be captured as the browser draws
   * it. A page may hold every one of its answers back for good.
   */
  async function openedComposer(): Promise<boolean> {
    if (composing === null) return false;
    const { composer, noteDrawn } = composing;
    const giveUp = new AbortController();
    const inDocument = documents;
    try {
      return await pTimeout(openComposer(composing, giveUp.signal), {
        milliseconds: COMPOSER_TIMEOUT_MS,
        message: `the page did not open its composer within ${COMPOSER_TIMEOUT_MS} ms`,
      });
    } catch (error) {
      giveUp.abort();
      if (inDocument !== documents) return false; // another one has taken its place, and is asked by itself
      noteDrawn(messageOf(error));
      await pTimeout(composer.giveUp(), { milliseconds: GIVE_UP_TIMEOUT_MS }).catch(() => {}); // it draws what it likes
      return false;
    }
  }

  async function openComposer({ composer, tab, noteDrawn }: Composing, over: AbortSignal): Promise<boolean> {
    if (!(await composer.isAsked())) return false;
    const { timeOriginUs } = await readClock(tab);
    over.throwIfAborted();
    let why: string | null = null;
    const hear = (messages: readonly ComposerMessage[]) => {
      if (over.aborted) return;
      if (!hasBegun) {
        // Another document may have taken the place of this one.
        if (messages.some(({ type }) => type === 'failed')) leaveDocument();
        return;
      }
      const newest = messages.findLast((message) => message.type === 'stats');
      if (newest && newest.stats.why !== why) {
        why = newest.stats.why;
        noteDrawn(why);
      }
      page.evaluate((told) => recorder.takeComposed(told), messages).catch(() => {}); // the recorder page is gone
    };
    await composer.open({ ...options, timeOriginUs }, hear);
    return true;
  }

  const opening = alive(openTabStream(page, { ...options, targetTabUrl }));
  clock = await inTime(opening, 'did not open the stream of the tab', ANSWER_TIMEOUT_MS);
  async function end(how: 'stop' | 'pause'): Promise<CaptureStats> {
    try {
      const ending = alive(page.evaluate((how) => recorder[how](), how));
      const stats = await inTime(ending, 'did not finish', STOP_TIMEOUT_MS);
      state = { ...state, stats };
    } catch (error) {
      state = withFailure(state, asRecordingError(error, 'capture_failed'));
    }
    return state.stats;
  }

  return {
    state: () => state,
    receivedBytes: () => receivedBytes,
    begin: async (given, continues, unless) => {
      if (given.length !== encodings.length)
        throw new Error(`${encodings.length} encodings were given ${given.length} writers`);
      writers.give(given);
      const timeline = continues && {
        startUs: continues.startMonotonicMs * 1000 + clock.aheadUs,
        afterPause: continues.afterPause,
        written: continues.written,
      };
      const isComposed = await (composed ?? openedComposer());
      wasComposed = isComposed;
      if (unless?.aborted) return;
      hasBegun = true;
      const beginning = alive(
        page.evaluate((given, composed) => recorder.begin(given, composed), timeline, isComposed),
      );
      await inTime(beginning, 'did not begin', ANSWER_TIMEOUT_MS);
    },
    stop: () => end('stop'),
    picture: async () => {
      if (isPaused || state.begun === null) return null;
      const asked =
        wasComposed && composing ? composing.composer.picture() : page.evaluate(() => recorder.picture());
      const told = await pTimeout(asked, { milliseconds: PICTURE_TIMEOUT_MS }).catch(() => null);
      if (told === null || told.length > LARGEST_PICTURE || isPaused) return null;
      const jpeg = Buffer.from(told, 'base64');
      // A page that composes its pictures is not ours to trust.
      return jpeg.subarray(0, JPEG_BEGINS.length).equals(JPEG_BEGINS) ? jpeg : null;
    },
    pause: async () => {
      if (isPaused) return state.stats;
      isPaused = true;
      const stats = await end('pause');
      // A page that is ready to begin composes already, although nobody takes its pictures.
      if (!hasBegun)
        void composed?.then(async (isComposed) => {
          if (isComposed && isPaused) await composing?.composer.end(0).catch(() => {}); // its page is gone
        });
      hasBegun = false; // what a page still tells of its pictures is not heard
      return stats;
    },
    resume: async () => {
      isPaused = false;
      const { encodingFailures, failure } = state;
      state = { ...initialState(encodings.length), encodingFailures, failure };
      writers = awaitedWriters();
      await inTime(alive(page.evaluate(() => recorder.resume())), 'did not go on', ANSWER_TIMEOUT_MS);
      // A composer that is still being opened, because the pause before was short, is not opened a second time meanwhile.
      const before = composed;
      composed = Promise.resolve(before).then(openedComposer);
    },
  };
}

function awaitedWriters() {
  let give: (writers: readonly ByteWriter[]) => void = () => {};
  const given = new Promise<readonly ByteWriter[]>((resolve) => {
    give = resolve;
  });
  return { given, give };
}

/** Throws capture_failed, also for what the page throws, and the RecordingErrors of `work`. */
async function inTime<T>(work: Promise<T>, late: string, milliseconds: number): Promise<T> {
  const message = `The recorder ${late} within ${milliseconds} ms`;
  try {
    return await pTimeout(work, { milliseconds, message });
  } catch (error) {
    throw asRecordingError(error, 'capture_failed');
  }
}
