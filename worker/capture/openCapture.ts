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
  /** Lets a loaded page that composes its pictures get ready, so that the first of them is there when the recording begins. */
  prepare(): void;
  /**
   * Starts to record with the next picture that is not blank; one that goes on takes any picture. `writers[i]` takes
   * the bytes of `encodings[i]`. `continues` is null where the recording begins with this capture.
   */
  begin(writers: readonly ByteWriter[], continues: ContinuedCapture | null): Promise<void>;
  /**
   * Ends the recording and resolves once the last bytes are written. After a failure it keeps what was
   * captured before.
   */
  stop(): Promise<CaptureStats>;
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
  isAsked(): Promise<boolean>;
  open(options: ComposerOptions, hear: (messages: readonly ComposerMessage[]) => void): Promise<void>;
  giveUp(): Promise<void>;
  begin(continues: ContinuedTimeline | null): Promise<void>;
  end(atUs: number): Promise<void>;
}

declare const recorder: RecorderCalls; // exists in the recorder page

/** A stop takes 0.1 s. If a machine is so busy that it takes this long, what is still missing is lost. */
const STOP_TIMEOUT_MS = 8_000;
/** A stream is opened within a second. A page that does not answer for this long never will. */
const ANSWER_TIMEOUT_MS = 15_000;
/** A composer is open within a second, and lets the videos play themselves in half a second. */
const COMPOSER_TIMEOUT_MS = 10_000;
const GIVE_UP_TIMEOUT_MS = 2_000;

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
  let giveWriters: (writers: readonly ByteWriter[]) => void = () => {};
  const writersGiven = new Promise<readonly ByteWriter[]>((resolve) => {
    giveWriters = resolve;
  });
  await exposeCalls<WorkerCalls>(page, {
    recorderMessage: async (message) => {
      state = stateAfter(state, message, clock.aheadUs);
    },
    recorderBytes: async (encoding, base64, position) => {
      receivedBytes += base64.length;
      const writer = (await writersGiven)[encoding];
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

  /**
   * Resolves to whether the page composes its pictures itself. Whatever goes wrong, it can be captured as the browser draws
   * it. A page may hold every one of its answers back for good.
   */
  async function openedComposer(): Promise<boolean> {
    if (composing === null) return false;
    const { composer, noteDrawn } = composing;
    const giveUp = new AbortController();
    try {
      return await pTimeout(openComposer(composing, giveUp.signal), {
        milliseconds: COMPOSER_TIMEOUT_MS,
        message: `the page did not open its composer within ${COMPOSER_TIMEOUT_MS} ms`,
      });
    } catch (error) {
      giveUp.abort();
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
        if (messages.some(({ type }) => type === 'failed')) composed = null;
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
  return {
    state: () => state,
    receivedBytes: () => receivedBytes,
    prepare: () => {
      const opening = openedComposer();
      composed = opening;
      void opening.then((isComposed) => {
        if (!isComposed && composed === opening) composed = null; // the page may ask later
      });
    },
    begin: async (writers, continues) => {
      if (writers.length !== encodings.length)
        throw new Error(`${encodings.length} encodings were given ${writers.length} writers`);
      giveWriters(writers);
      const timeline = continues && {
        startUs: continues.startMonotonicMs * 1000 + clock.aheadUs,
        written: continues.written,
      };
      const isComposed = await (composed ?? openedComposer());
      hasBegun = true;
      const beginning = alive(
        page.evaluate((given, composed) => recorder.begin(given, composed), timeline, isComposed),
      );
      await inTime(beginning, 'did not begin', ANSWER_TIMEOUT_MS);
    },
    stop: async () => {
      try {
        const stats = await inTime(
          alive(page.evaluate(() => recorder.stop())),
          'did not finish',
          STOP_TIMEOUT_MS,
        );
        state = { ...state, stats };
      } catch (error) {
        state = withFailure(state, asRecordingError(error, 'capture_failed'));
      }
      return state.stats;
    },
  };
}

function inTime<T>(work: Promise<T>, late: string, milliseconds: number): Promise<T> {
  const message = `The recorder ${late} within ${milliseconds} ms`;
  return pTimeout(work, {
    milliseconds,
    message: new RecordingError('capture_failed', message),
  });
}
