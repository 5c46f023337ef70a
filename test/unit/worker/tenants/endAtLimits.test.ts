import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createCleanup } from '../../../../worker/cleanup.ts';
import { createLog } from '../../../../worker/log.ts';
import { type Allowance, endAtLimits } from '../../../../worker/tenants/endAtLimits.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function limited(given: Partial<Allowance> = {}) {
  const log = createLog('silent');
  const noted: number[] = [];
  const recording = { bytes: 0, elapsedS: 0, startedAtUnixMs: 1 as number | null };
  const allowance: Allowance = {
    sizeBytes: null,
    refuseIfUsedUp: async () => {},
    noteLength: async (_, elapsedS) => {
      noted.push(elapsedS);
      return elapsedS >= 60;
    },
    ...given,
  };
  const stop = new AbortController();
  const of = {
    startedAtUnixMs: () => recording.startedAtUnixMs,
    elapsedS: () => recording.elapsedS,
    sizeBytes: () => recording.bytes,
  };
  const cleanup = createCleanup(log);
  return { recording, noted, stop, cleanup, ...endAtLimits(stop.signal, of, allowance, { cleanup, log }) };
}

test('a recording ends when its files have the size that its tenant may fill', async () => {
  const { recording, signal } = limited({ sizeBytes: 1000 });
  recording.bytes = 999;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(signal.aborted).toBe(false);
  recording.bytes = 1000;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(signal.reason).toBe('max_size');
});

test('a recording ends when the minutes of its tenant are used up, and notes them from its first picture on', async () => {
  const { recording, noted, signal } = limited();
  recording.startedAtUnixMs = null;
  await vi.advanceTimersByTimeAsync(2_000);
  expect(noted).toEqual([]);
  Object.assign(recording, { startedAtUnixMs: 1, elapsedS: 59 });
  await vi.advanceTimersByTimeAsync(1_000);
  recording.elapsedS = 60;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(noted).toEqual([59, 60]);
  expect(signal.reason).toBe('tenant_minutes');
});

test('a recording goes on while Redis does not answer, and asks once', async () => {
  let asked = 0;
  const { signal } = limited({
    noteLength: () => {
      asked += 1;
      return new Promise(() => {});
    },
  });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toBe(1);
  expect(signal.aborted).toBe(false);
});

test('a stop keeps its own reason, and the last second is noted at the end', async () => {
  const { recording, stop, noted, signal, over } = limited();
  stop.abort('stopped');
  expect(signal.reason).toBe('stopped');
  recording.elapsedS = 42;
  over();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(noted).toEqual([42]);
});
