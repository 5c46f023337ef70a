import type { HeldJob } from './jobsOfWorker.ts';
import { lossesOf, lostTooOften } from './lossesOf.ts';
import type { JobToJudge } from './takenJob.ts';

/** What decides whether a job can run: the same for a job that was just taken and for one that others had. */
export function jobToJudge({
  job,
  fields,
  manifest,
}: Pick<HeldJob, 'job' | 'fields' | 'manifest'>): JobToJudge {
  const tooOften = lostTooOften(lossesOf(fields), job.stalledCounter, Date.now());
  return { id: String(job.id), payload: job.data, lostTooOften: tooOften, manifest };
}
