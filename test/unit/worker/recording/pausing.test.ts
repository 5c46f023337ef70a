import { expect, test } from 'vitest';
import { createPausing } from '../../../../worker/recording/pausing.ts';

test('whoever waits for a change is told of it once, and a pause that is over at once is not missed', () => {
  const pausing = createPausing(null);
  const [first, same] = [pausing.change(), pausing.change()];
  pausing.set('silence');
  pausing.set('skip'); // it is paused already
  pausing.set(null);
  expect([first.aborted, same.aborted, pausing.change().aborted]).toEqual([true, true, false]);
  expect([pausing.now(), pausing.lastMode()]).toEqual([null, 'silence']);
});
