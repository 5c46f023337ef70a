import type { RecordingEvent } from '../../shared/events/recordingEvents.ts';
import { eventually } from '../support/eventually.ts';
import { type Compositor, type RecordingRun, startCompositor } from '../support/startCompositor.ts';
import { warmedUp } from '../support/warmedUp.ts';
import type { BenchPage } from './serveBenchPage.ts';
import { type Summary, summarize } from './statistics.ts';

const TRIES = 3;
const LENGTHS_S = [5, 30];

/**
 * In milliseconds. The page says after 500 ms that it is ready, and this wait is subtracted from the starts.
 */
export interface Starts {
  readonly warmMs: Summary | null;
  readonly coldMs: Summary | null;
  /** From the request to stop until the file is complete, by the recording's length in seconds. */
  readonly stopMs: Readonly<Record<number, number>>;
}

export async function measureStarts(page: BenchPage): Promise<Starts> {
  return {
    warmMs: await withWorker('1', (compositor) => startsOf(compositor, page, true)),
    coldMs: await withWorker('0', (compositor) => startsOf(compositor, page, false)),
    stopMs: await withWorker('0', (compositor) => stopsOf(compositor, page)),
  };
}

async function withWorker<T>(warm: string, measure: (compositor: Compositor) => Promise<T>): Promise<T> {
  const compositor = await startCompositor({ COMPOSITOR_WARM_BROWSERS: warm });
  try {
    return await measure(compositor);
  } finally {
    await compositor.close();
  }
}

async function startsOf(compositor: Compositor, page: BenchPage, isWarm: boolean): Promise<Summary | null> {
  const tookMs: number[] = [];
  for (let index = 0; index < TRIES; index++) {
    if (isWarm) await warmedUp(compositor, 20_000);
    const run = start(compositor, page, 2);
    const result = await run.result;
    const takenAtMs = Date.parse(String(run.events[0]?.created_at));
    tookMs.push(Date.parse(String(result.started_at)) - takenAtMs - Number(result.ready_after_ms));
    await compositor.idle();
  }
  return summarize(tookMs);
}

async function stopsOf(compositor: Compositor, page: BenchPage): Promise<Record<number, number>> {
  const stops: Record<number, number> = {};
  for (const seconds of LENGTHS_S) {
    const run = start(compositor, page, 600);
    const isLongEnough = (event: RecordingEvent) =>
      event.type === 'call.recording_progress' && event.elapsed_s >= seconds;
    await eventually(`${seconds} s are recorded`, () => run.events.some(isLongEnough), { withinMs: 90_000 });
    const askedAtMs = performance.now();
    await run.stop();
    await run.result;
    stops[seconds] = Math.round(performance.now() - askedAtMs);
  }
  return stops;
}

function start(compositor: Compositor, page: BenchPage, maxS: number): RecordingRun {
  return compositor.start({
    call: { id: 'starts' },
    recording: { layout: { external_app_url: page.url } },
    limits: { max_duration_s: maxS },
  });
}
