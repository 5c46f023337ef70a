import { afterEach, expect, test, vi } from 'vitest';
import { createCleanup } from '../../../worker/cleanup.ts';
import { createLog, type Logger } from '../../../worker/log.ts';

afterEach(() => vi.useRealTimers());

test('what was acquired last is released first, and a release that fails does not stop the others', async () => {
  const released: string[] = [];
  const cleanup = createCleanup(createLog('silent'));
  cleanup.defer('first', () => released.push('first'));
  cleanup.defer('failing', () => {
    throw new Error('cannot');
  });
  cleanup.defer('last', () => released.push('last'));
  await cleanup.run();
  expect(released).toEqual(['last', 'first']);
});

test('what is acquired too late is released at once', async () => {
  const released: string[] = [];
  const cleanup = createCleanup(createLog('silent'));
  await cleanup.run();
  await new Promise<void>((resolve) => {
    cleanup.defer('late', () => {
      released.push('late');
      resolve();
    });
  });
  expect(released).toEqual(['late']);
});

test('a release that hangs is given up after 10 s, and the next one runs', async () => {
  vi.useFakeTimers();
  const released: string[] = [];
  const warnings: unknown[] = [];
  const log = { warn: (given: unknown) => warnings.push(given) } as unknown as Logger;
  const cleanup = createCleanup(log);
  cleanup.defer('next', () => released.push('next'));
  cleanup.defer('hanging', () => new Promise(() => {}));
  const ran = cleanup.run();
  await vi.advanceTimersByTimeAsync(9_999);
  expect(released).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  await ran;
  expect(released).toEqual(['next']);
  expect(warnings).toEqual([
    { label: 'hanging', err: expect.objectContaining({ message: 'was not done after 10000 ms' }) },
  ]);
});
