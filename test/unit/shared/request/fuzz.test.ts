import fc from 'fast-check';
import { test } from 'vitest';
import { hostileJob } from '../../../fuzz/hostileJob.ts';
import { judgeJob } from '../../../fuzz/judgeJob.ts';

/** `npm run fuzz` tries 100,000. */
const RUNS = 600;

test('any job is taken or refused at once, with one short InvalidRequestError and no trace in the prototypes', () => {
  fc.assert(
    fc.property(hostileJob, (job) => void judgeJob(job)),
    { numRuns: RUNS, endOnFailure: true },
  );
}, 60_000);
