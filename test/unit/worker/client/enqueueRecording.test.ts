import { expect, test } from 'vitest';
import { enqueueRecording, type RecordingJob } from '../../../../worker/client/index.ts';

const JOB: RecordingJob = { call: { id: 'standup' }, source: { kind: 'demo' } };

function listQueue() {
  const added: unknown[][] = [];
  return { added, add: async (...given: unknown[]) => void added.push(given) };
}

test('a job is queued as it was given, under the id and the number of tries that were asked for', async () => {
  const queue = listQueue();
  expect(await enqueueRecording(queue, JOB, { recordingId: 'standup-1', attempts: 3 })).toBe('standup-1');
  expect(queue.added).toEqual([['record', JOB, { jobId: 'standup-1', attempts: 3 }]]);
});

test('a recording without a given id gets a new one', async () => {
  const queue = listQueue();
  expect(await enqueueRecording(queue, JOB)).not.toBe(await enqueueRecording(queue, JOB));
});

test('a job that does not fit is refused before it is queued', async () => {
  const queue = listQueue();
  const job = { ...JOB, recording: { layout: { name: 'gird' } } };
  await expect(enqueueRecording(queue, job)).rejects.toThrow('did you mean "grid"?');
  expect(queue.added).toEqual([]);
});

test.each([
  ['', 'must not be empty'],
  ['standup:1', 'contains ":"'],
  ['17', 'is an integer'],
  ['-3', 'is an integer'],
  ...['meta', 'id', 'wait', 'active', 'events', 'delayed', 'paused', 'stalled-check', 'marker', 'pc'].map(
    (id) => [id, `"${id}" is the name of a key that BullMQ keeps for every queue`],
  ),
])('the id %j is refused before the job is queued', async (recordingId, reason) => {
  const queue = listQueue();
  await expect(enqueueRecording(queue, JOB, { recordingId })).rejects.toThrow(reason);
  expect(queue.added).toEqual([]);
});
