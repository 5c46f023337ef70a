import { expect, test } from 'vitest';
import { createCleanup } from '../../../worker/cleanup.ts';
import { createLog } from '../../../worker/log.ts';

test('what was acquired last is released first, and a failing release stops none of the others', async () => {
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
