import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { limitsFor, parseTenantLimits } from '../../../worker/tenantLimits.ts';
import { readWorkerConfig } from '../../../worker/workerConfig.ts';

const GIVEN = {
  '*': { recordings_at_once: 5, minutes_per_month: 600, size_mib: 10 },
  acme: { recordings_at_once: 20, minutes_per_month: null },
};

test('what the entry of a tenant leaves out is as for all, and null lifts a limit', () => {
  const limits = parseTenantLimits(JSON.stringify(GIVEN));
  const all = { recordingsAtOnce: 5, minutesPerMonth: 600, sizeBytes: 10_485_760 };
  expect(limitsFor('other', limits)).toEqual(all);
  expect(limitsFor('acme', limits)).toEqual({ ...all, recordingsAtOnce: 20, minutesPerMonth: null });
  const none = { recordingsAtOnce: null, minutesPerMonth: null, sizeBytes: null };
  expect(limitsFor(null, limits)).toEqual(none);
  expect(limitsFor('other', parseTenantLimits('{"acme": {"size_mib": 1}}'))).toEqual(none);
});

test('limits can be in a file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'test-limits-'));
  try {
    const path = join(folder, 'limits.json');
    await writeFile(path, JSON.stringify(GIVEN));
    const { tenantLimits } = readWorkerConfig({ COMPOSITOR_TENANT_LIMITS: path });
    expect(limitsFor('other', tenantLimits ?? new Map()).recordingsAtOnce).toBe(5);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each([
  [
    '{"acme": {"recordings": 1}}',
    'acme: a limit is one of recordings_at_once, minutes_per_month or size_mib',
  ],
  ['{"acme": {"recordings_at_once": 0}}', 'acme.recordings_at_once: '],
  ['{"a/b": {}}', 'a/b: is not the name of a tenant, nor "*" for all of them'],
  ['{"acme": 5}', 'acme: '],
  ['{"acme"', 'is not JSON'],
  ['/nowhere/limits.json', 'no such file'],
])('a worker with the limits %s does not start, and says why', (given, message) => {
  expect(() => readWorkerConfig({ COMPOSITOR_TENANT_LIMITS: given })).toThrow(message);
});
