import type { Page } from 'puppeteer';
import type {
  CaptureStats,
  RecorderMessage,
  RecorderOptions,
} from '../../shared/recorder/recorderMessages.ts';
import type { OutputRequest, RecordingRequest } from '../../shared/request/recordingRequest.ts';
import { asRecordingError, messageOf, RecordingError } from '../recordingError.ts';
import type { Sink } from '../storage/storage.ts';

/** How the capture stands. */
export interface CaptureState {
  /** The newest figures, at most a second old. */
  readonly stats: CaptureStats;
  /** The first picture (without video: the first sound) is in. */
  readonly begun: {
    readonly startsBlank: boolean;
    readonly atUnixMs: number;
  } | null;
  /** The recording has reached its greatest length. */
  readonly isFull: boolean;
  /** Why capture, encoder or sink cannot go on. */
  readonly failure: RecordingError | null;
}

/** The tab's stream, open and ready to be recorded. */
export interface Capture {
  state(): CaptureState;
  /** Starts to record into the sink, with the next picture that is not blank. */
  begin(sink: Sink): Promise<void>;
  /** Ends the recording; resolves once its last byte is in the sink, to what was captured until a failure too. */
  stop(): Promise<CaptureStats>;
}

const STOP_TIMEOUT_MS = 8_000;
export const NOTHING_CAPTURED: CaptureStats = {
  frames: 0,
  droppedFrames: 0,
  durationS: 0,
  blankForS: 0,
  silentForS: 0,
};

/**
 * Opens the tab's stream in the recorder page of our extension, which encodes and muxes it in a process of its own: the
 * recorded page can crash, reload or forbid what it likes. The recorder page then takes the foreground, so that
 * the browser window is not composited a second time. Throws capture_failed.
 */
export async function openCapture(
  page: Page,
  targetTabUrl: string,
  request: RecordingRequest,
): Promise<Capture> {
  // The file's first bytes are ready before there is a place for them.
  let giveSink: (sink: Sink) => void = () => {};
  const sinkGiven = new Promise<Sink>((resolve) => {
    giveSink = resolve;
  });
  let state: CaptureState = {
    stats: NOTHING_CAPTURED,
    begun: null,
    isFull: false,
    failure: null,
  };
  const fail = (failure: RecordingError) => {
    state = { ...state, failure: state.failure ?? failure };
  };
  page.on('error', () => fail(new RecordingError('capture_failed', 'The recorder page crashed')));
  await page.exposeFunction('recorderMessage', (json: string) => {
    const message: RecorderMessage = JSON.parse(json);
    if (message.type === 'failed') fail(new RecordingError('capture_failed', message.message));
    else state = noteMessage(state, message);
  });
  await page.exposeFunction('recorderBytes', async (base64: string, position: number) => {
    const sink = await sinkGiven;
    try {
      await sink.write(Buffer.from(base64, 'base64'), position);
    } catch (error) {
      fail(asRecordingError(error, 'storage_failed'));
      throw error;
    }
  });
  await openStream(page, recorderOptions(targetTabUrl, request));
  return {
    state: () => state,
    begin: async (target) => {
      giveSink(target);
      await page.evaluate('recorder.begin()');
    },
    stop: async () => {
      const last = withinTime(page.evaluate('recorder.stop()') as Promise<CaptureStats>);
      return last.catch((error: unknown) => {
        fail(asRecordingError(error, 'capture_failed'));
        return state.stats;
      });
    },
  };
}

function noteMessage(
  state: CaptureState,
  message: Exclude<RecorderMessage, { type: 'failed' }>,
): CaptureState {
  if (message.type === 'begun')
    return {
      ...state,
      begun: { startsBlank: message.startsBlank, atUnixMs: Date.now() },
    };
  return message.type === 'stats' ? { ...state, stats: message.stats } : { ...state, isFull: true };
}

function recorderOptions(
  targetTabUrl: string,
  request: RecordingRequest,
): Omit<RecorderOptions, 'timeOriginUs'> {
  const [output] = request.outputs as readonly [OutputRequest];
  return {
    ...output.encoding,
    ...request.picture,
    targetTabUrl,
    audioOnly: request.audioOnly,
    maxDurationS: request.limits.maxDurationS,
  };
}

async function openStream(page: Page, options: Omit<RecorderOptions, 'timeOriginUs'>): Promise<void> {
  try {
    const timeOriginUs = await readTimeOriginUs(page);
    await page.evaluate(`recorder.open(${JSON.stringify({ ...options, timeOriginUs })})`);
    await page.bringToFront();
  } catch (error) {
    throw new RecordingError('capture_failed', `The tab cannot be captured: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/**
 * The page's time origin in microseconds of Chromium's monotonic clock. Captured video frames are stamped with
 * that clock and captured sound with the time since this origin, so this puts both on one timeline.
 */
async function readTimeOriginUs(page: Page): Promise<number> {
  const session = await page.createCDPSession();
  await session.send('Performance.enable', { timeDomain: 'timeTicks' });
  const { metrics } = await session.send('Performance.getMetrics');
  await session.detach();
  const start = metrics.find(({ name }) => name === 'NavigationStart');
  if (start === undefined) throw new Error('the browser does not tell NavigationStart');
  return start.value * 1e6;
}

async function withinTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    const late = () =>
      reject(new RecordingError('capture_failed', `The recorder did not finish in ${STOP_TIMEOUT_MS} ms`));
    timer = setTimeout(late, STOP_TIMEOUT_MS);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
