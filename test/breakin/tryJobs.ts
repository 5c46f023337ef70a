import { setTimeout as wait } from 'node:timers/promises';
import { type Compositor, startCompositor } from '../support/startCompositor.ts';
import type { JobWay } from './jobWays.ts';
import type { Ears } from './listen.ts';
import type { Row } from './report.ts';

/** A webhook that failed is tried again after so long, and once more. In milliseconds. */
const RETRIES_MS = 3_500;

/** Tries what a job can lead elsewhere, each job by itself. A job that should be refused and is not counts as reached. */
export async function tryJobs(
  ears: Ears,
  firstPort: number,
  chromium: string,
  ways: readonly JobWay[],
): Promise<Row[]> {
  const compositor = await startCompositor({
    COMPOSITOR_CHROMIUM: chromium,
    COMPOSITOR_ALLOW_PRIVATE_URLS: '0',
    COMPOSITOR_WARM_BROWSERS: '1',
  });
  ears.forget();
  try {
    const endings = await Promise.all(ways.map((way, at) => tryJob(compositor, way, firstPort + at)));
    await wait(RETRIES_MS);
    return ways.map(({ name }, at) => ({
      name,
      asked: 'by a job',
      heard: [...ears.heard(firstPort + at), ...(endings[at] as string[])],
    }));
  } finally {
    await compositor.close();
  }
}

async function tryJob(compositor: Compositor, { job, isRefused }: JobWay, port: number): Promise<string[]> {
  const { end_reason, error } = await compositor.record(job(port));
  if (!isRefused || end_reason === 'private_url') return [];
  return [`ended as ${end_reason}: ${error?.message ?? 'no error'}`];
}
