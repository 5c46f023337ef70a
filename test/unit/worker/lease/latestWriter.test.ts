import { expect, test } from 'vitest';
import { createLatestWriter } from '../../../../worker/lease/latestWriter.ts';

/** Far longer than the test may take. */
const EVERY_MS = 60_000;

function start() {
  const written: string[] = [];
  const writer = createLatestWriter<string>(EVERY_MS, async (value) => void written.push(value));
  return { writer, written };
}

test('what comes soon after a write waits, and what is urgent takes it along', async () => {
  const { writer, written } = start();
  await writer.write('first');
  const held = writer.write('held back');
  expect(written).toEqual(['first']);
  await writer.write('urgent', true);
  await held; // a newer one is written
  expect(written).toEqual(['first', 'urgent']);
});

test('several urgent values are written one after the other, and the next one that is not waits again', async () => {
  const { writer, written } = start();
  await writer.write('first', true);
  await writer.write('second', true);
  void writer.write('later');
  await new Promise((resolve) => setImmediate(resolve));
  expect(written).toEqual(['first', 'second']);
  await writer.write('last', true);
  expect(written).toEqual(['first', 'second', 'last']);
});
