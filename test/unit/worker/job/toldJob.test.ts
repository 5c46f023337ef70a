import { expect, test } from 'vitest';
import { createToldJob } from '../../../../worker/job/toldJob.ts';

const changed = (id: string, change: unknown) =>
  ({ id, recordingId: 'r', command: { type: 'change_layout', change } }) as const;

test('changes of the layout are told in order, also to who listens later, and each of them once', () => {
  const told = createToldJob();
  const [early, late]: unknown[][] = [[], []];
  told.onLayoutChange((change) => early?.push(change));
  for (const sent of [changed('1', 'a'), changed('2', 'b'), changed('1', 'a')]) told.tell(sent);
  told.onLayoutChange((change) => late?.push(change));
  told.tell(changed('3', 'c'));
  expect([early, late]).toEqual([
    ['a', 'b', 'c'],
    ['a', 'b', 'c'],
  ]);
  expect(told.stop.signal.aborted).toBe(false);
});

test('a stop is told as the reason of the end', () => {
  const told = createToldJob();
  told.tell({ id: '1', recordingId: 'r', command: { type: 'stop' } });
  expect(told.stop.signal.reason).toBe('stopped');
});

test('a pause is told as it is now to who listens later, and lasts until the recording is to go on', () => {
  const told = createToldJob();
  const [early, late, none]: unknown[][] = [[], [], []];
  told.onPause((mode) => none?.push(mode));
  expect(none).toEqual([]);
  told.onPause((mode) => early?.push(mode));
  const commands = [
    { type: 'pause', mode: 'skip' },
    { type: 'pause', mode: 'silence' },
  ] as const;
  for (const [id, command] of commands.entries()) told.tell({ id: String(id), recordingId: 'r', command });
  told.onPause((mode) => late?.push(mode));
  told.tell({ id: '3', recordingId: 'r', command: { type: 'resume' } });
  expect(early).toEqual(['skip', 'skip', null]);
  expect(late).toEqual(['skip', null]);
});
