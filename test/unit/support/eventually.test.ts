import { expect, test } from 'vitest';
import { eventually } from '../../support/eventually.ts';

test('resolves with the first truthy answer, past answers and errors before it', async () => {
  const answers = [
    () => null,
    () => {
      throw new Error('not yet');
    },
    () => 'ready',
  ];

  expect(await eventually('an answer', () => answers.shift()?.(), { everyMs: 1 })).toBe('ready');
});

test('throws with the last error seen when the time is over', async () => {
  const never = eventually('a port', () => Promise.reject(new Error('refused')), { withinMs: 5, everyMs: 1 });

  await expect(never).rejects.toThrow('Not within 5 ms: a port (last: refused)');
});
