import { expect, test } from 'vitest';
import { whyItWaits } from '../../../../layout-app/console/list/whyItWaits.ts';
import type { WorkerInfo } from '../../../../layout-app/console/recording.ts';

const NOW = Date.parse('2026-01-02T03:05:00Z');
const recording = { created_at: '2026-01-02T03:04:00Z' };
const worker: WorkerInfo = {
  ...{ id: 'a', version: '1', host: 'b', started_at: '2026-01-02T03:00:00Z', recordings: [], others: 0 },
  ...{ concurrency: null, is_leaving: false, room: { cores: 2, memory_mib: 4_000 } },
};
const full = { ...worker, room: { cores: 0.1, memory_mib: 4_000 } };
const seated = { ...worker, concurrency: 1, others: 1 };
const leaving = { ...worker, is_leaving: true };

test.each([
  ['no worker', [], 'No worker runs'],
  ['workers that leave', [leaving, leaving], 'Every worker is leaving'],
  ['workers without cores or seats', [full, seated, leaving], 'Every worker is full'],
  ['a worker with room', [full, worker], 'as many calls as it may'],
])('with %s it says so', (_what, workers, reason) => {
  expect(whyItWaits(recording, workers, NOW)).toContain(reason);
});

test('a moment is worth no reason, and where workers are not known there is none', () => {
  expect(whyItWaits({ created_at: '2026-01-02T03:04:58Z' }, [worker], NOW)).toContain('in a moment');
  expect(whyItWaits(recording, null, NOW)).toBeNull();
});
