import { expect, test } from 'vitest';
import { createLearnedCosts } from '../../../worker/admission/learnCosts.ts';
import { costOfJob, type JobDeps, tenantOfJob } from '../../../worker/recordJob.ts';
import { readWorkerConfig } from '../../../worker/workerConfig.ts';

const deps = { config: readWorkerConfig({}), learned: createLearnedCosts() } as unknown as JobDeps;
const rest = { lostTooOften: null, manifest: null };

test('a job is read once, whoever asks what it costs and whose it is', () => {
  let reads = 0;
  const payload = {
    tenant: 'acme',
    source: { kind: 'demo' },
    get call() {
      reads += 1;
      return { id: 'c' };
    },
  };
  const job = { id: 'r1', payload, ...rest };
  const cost = costOfJob(job, deps);
  const readsOfOne = reads;
  expect(readsOfOne).toBeGreaterThan(0);
  expect(costOfJob(job, deps)).toEqual(cost);
  expect(tenantOfJob(job)).toBe('acme');
  expect(reads).toBe(readsOfOne);
});

test('a job that is no object costs nothing and is for nobody', () => {
  for (const payload of [null, 7, 'text', undefined]) {
    const job = { id: 'r1', payload, ...rest };
    expect(costOfJob(job, deps)).toEqual({ cores: 0, memoryMiB: 0 });
    expect(tenantOfJob(job)).toBeNull();
  }
});
