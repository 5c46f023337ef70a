import { expect, test } from 'vitest';
import { createToldJob, type ToldJob } from '../../../../worker/job/toldJob.ts';

const changed = (id: string, change: unknown) =>
  ({ id, recordingId: 'r', command: { type: 'change_layout', change } }) as const;

function toldNothing(): ToldJob {
  const told = createToldJob();
  told.tellSentEarlier([]);
  return told;
}

test('changes of the layout are told in order, also to who listens later, and each of them once', () => {
  const told = toldNothing();
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
  const told = toldNothing();
  told.tell({ id: '1', recordingId: 'r', command: { type: 'stop' } });
  expect(told.stop.signal.reason).toBe('stopped');
});

test('a pause is told as it is now to who listens later, and lasts until the recording is to go on', () => {
  const told = toldNothing();
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

test('what comes before it is known what was sent earlier is told after that, in the order in which it came, and once', () => {
  const told = createToldJob();
  const changes: unknown[] = [];
  told.onLayoutChange((change) => changes.push(change));
  // Ids may be lower after Redis was replaced by another one whose clock is behind.
  for (const sent of [changed('2', 'earlier'), changed('9', 'live'), changed('5', 'last')]) told.tell(sent);
  expect(changes).toEqual([]);
  told.tellSentEarlier([changed('1', 'first'), changed('2', 'earlier')]);
  told.tell(changed('9', 'live'));
  expect(changes).toEqual(['first', 'earlier', 'live', 'last']);
});
