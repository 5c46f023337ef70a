import { expect, test } from 'vitest';
import { createToldJob } from '../../../../worker/job/toldJob.ts';
import type { KeptLayout } from '../../../../worker/page/layoutInUse.ts';
import { toldLayout } from '../../../../worker/page/toldLayout.ts';
import { requestOf } from '../../../support/requestOf.ts';

const job = (layout: object) =>
  requestOf('r1', { call: { id: 'c' }, source: { kind: 'demo' }, recording: { layout } }).layout;
const FIRST = { name: 'grid', options: { 'title.text': 'Standup', 'title.color': 'red' } };

type Sent = readonly [id: string, change: object];

/** A worker that takes the recording when these commands wait for it. */
function worker(kept: KeptLayout | null, ...waiting: readonly Sent[]) {
  const told = createToldJob();
  const refused: unknown[] = [];
  const sentAs = ([id, change]: Sent) =>
    ({ id, recordingId: 'r1', command: { type: 'change_layout', change } }) as const;
  told.tellSentEarlier(waiting.map(sentAs));
  const { onLayoutChange } = told;
  const inUse = toldLayout(job(FIRST), {
    kept,
    onLayoutChange,
    refused: (error) => void refused.push(error),
  });
  return { inUse, tell: (sent: Sent) => told.tell(sentAs(sent)), refused };
}

const title = (text: string | null) => ({ options: { 'title.text': text } });
const FIRST_COMMAND: Sent = ['9-0', { name: 'spotlight', ...title('One') }];
const SECOND_COMMAND: Sent = ['10-0', title(null)];
const TOLD = job({ name: 'spotlight', options: { 'title.color': 'red' } });

/** As it comes back out of Redis. */
function keptBy({ inUse }: ReturnType<typeof worker>): KeptLayout {
  return JSON.parse(JSON.stringify(inUse.toKeep()));
}

test.each<[string, readonly Sent[]]>([
  ['has forgotten every command', []],
  ['has forgotten the last command', [FIRST_COMMAND]],
  ['knows every command', [FIRST_COMMAND, SECOND_COMMAND]],
])('the next worker has the layout that a recording was told, where Redis %s', (_what, waiting) => {
  const before = worker(null, FIRST_COMMAND, SECOND_COMMAND);
  expect(before.inUse.now()).toEqual(TOLD);
  const next = worker(keptBy(before), ...waiting);
  expect(next.inUse.now()).toEqual(TOLD);
  expect(keptBy(next)).toEqual(keptBy(before));
});

test('a command that was sent after the layout was kept counts', () => {
  const kept = keptBy(worker(null, FIRST_COMMAND));
  expect(worker(kept, FIRST_COMMAND, SECOND_COMMAND).inUse.now()).toEqual(TOLD);
});

test('a command of a new Redis whose clock is behind counts', () => {
  const next = worker(keptBy(worker(null, FIRST_COMMAND)));
  next.tell(['2-0', SECOND_COMMAND[1]]);
  expect(next.inUse.now()).toEqual(TOLD);
  expect(keptBy(next).command).toBe('2-0');
});

test('a layout that nobody has changed is not kept, and a change that does not fit changes nothing', () => {
  const { inUse, refused } = worker(null, ['1-0', { name: 'gird' }]);
  expect([inUse.now(), inUse.toKeep(), refused.length]).toEqual([job(FIRST), null, 1]);
});

test('a kept layout that does not fit is left out, and the commands are carried out', () => {
  const written = { name: 'of a later worker', options: {}, external_css_url: null };
  const { inUse, refused } = worker({ written, command: '99-0' }, FIRST_COMMAND, SECOND_COMMAND);
  expect([inUse.now(), refused.length]).toEqual([TOLD, 1]);
});
