import { expect, test } from 'vitest';
import type { EventBody } from '../../../worker/events/publishEvents.ts';
import { createLog } from '../../../worker/log.ts';
import { type RecordingDeps, recordCall } from '../../../worker/recordCall.ts';
import { createJournal } from '../../../worker/recording/journal.ts';
import { OutOfReachError } from '../../../worker/storage/outOfReachError.ts';
import { requestOf } from '../../support/requestOf.ts';

const request = requestOf('r', { call: { id: 'c' }, source: { kind: 'demo' } });
const ended = { reason: 'stopped', error: null, endedAtUnixMs: 0, durationS: 1 };
const file = { key: 'a.mp4', mediaType: 'video/mp4' };
const given = {
  outputs: [{ name: request.outputs[0]?.name ?? '', file, failure: null, stored: null }],
  ...{ start: null, warnings: [], gaps: [], pauses: [], ended },
};

/** A recording whose call is captured, and whose bucket does not answer. */
function deliver(stop: AbortSignal) {
  const told: string[] = [];
  const takenOver = new AbortController();
  const publish = ({ type }: EventBody) => void told.push(type);
  const of = { recordingId: 'r', callCid: 'default:c', sessionId: null, attempt: 2 };
  const deps = {
    journal: createJournal({ ...of, mayTryAgain: () => false, redact: (text) => text }, publish, Date.now),
    openStorage: async () => ({
      resume: () => Promise.reject(new OutOfReachError('a.mp4 is not here', true)),
      stored: async () => null,
    }),
    manifest: { given, save: async () => {} },
    captured: (isLeft: boolean) => told.push(isLeft ? 'left' : 'captured'),
    lost: takenOver.signal,
    log: createLog('silent'),
  } as unknown as RecordingDeps;
  return { result: recordCall(request, deps, stop), told, takenOver };
}

test.each([
  'stopped',
  'worker_shutdown',
  'handed_over',
])('the delivery of a recording that is %s waits for its bucket, and holds no room meanwhile', async (reason) => {
  const { result, told, takenOver } = deliver(AbortSignal.abort(reason));
  const given50Ms = new Promise((resolve) => setTimeout(resolve, 50, 'waits'));
  expect(await Promise.race([result, given50Ms])).toBe('waits');
  expect(told).toEqual(['captured']);
  takenOver.abort();
  expect(await result).toMatchObject({ end_reason: 'taken_over', error: null });
});
