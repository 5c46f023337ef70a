import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { RecordingEvent, RecordingResult } from '../../shared/events/recordingEvents.ts';
import { followRecording } from '../../worker/job/followRecording.ts';
import { inspectRecording } from '../support/inspectRecording.ts';
import { openWorld, QUEUE } from './openWorld.ts';
import type { Row } from './report.ts';

const KILL_EVERY_MS = 20_000;
const WORKERS = 2;
/** Followers listen on connections of their own, so not all jobs are followed at once. */
const AT_ONCE = 20;
const LENGTH_S = 2;

/** Records many short calls on two workers, and kills one of them every 20 seconds. */
export async function manyJobs(jobs: number, random: () => number): Promise<Row> {
  const world = await openWorld();
  const workers = await Promise.all(Array.from({ length: WORKERS }, () => world.startWorker()));
  const killing = new AbortController();
  let kills = 0;
  const killer = (async () => {
    while (!killing.signal.aborted) {
      await wait(KILL_EVERY_MS, undefined, { signal: killing.signal }).catch(() => {});
      if (killing.signal.aborted) return;
      const index = Math.floor(random() * WORKERS);
      workers[index]?.kill('SIGKILL');
      kills++;
      workers[index] = await world.startWorker();
    }
  })();
  const counts = { done: 0, doubled: 0, lost: 0, broken: 0, interrupted: 0, unstated: 0 };
  try {
    const left = Array.from({ length: jobs }, (_, index) => index);
    const follower = async () => {
      while (left.pop() !== undefined) {
        await noteOne(world.redis.client, counts);
        console.log(`  many-jobs: ${JSON.stringify({ ...counts, kills })}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, follower));
  } finally {
    killing.abort();
    await killer;
    await world.close();
  }
  const { done, interrupted, ...faults } = counts;
  return {
    name: 'many-jobs',
    happens: `${jobs} calls of ${LENGTH_S} s on ${WORKERS} workers, one of which is killed every 20 s.`,
    promise: 'None is lost, none is doubled, none is stuck, and every gap is stated.',
    seen: `${done} recorded, ${interrupted} of them interrupted by ${kills} kills; ${JSON.stringify(faults)}`,
    kept: Object.values(faults).every((count) => count === 0) && done === jobs,
  };
}

async function noteOne(
  redis: Parameters<typeof followRecording>[0]['redis'],
  counts: Record<string, number>,
): Promise<void> {
  const add = (name: string) => {
    counts[name] = (counts[name] ?? 0) + 1;
  };
  const payload = {
    call: { id: 'many' },
    source: { kind: 'demo', participants: 1 },
    recording: { quality: '360p' },
    limits: { max_duration_s: LENGTH_S },
  };
  const events: RecordingEvent[] = [];
  const follow = { redis, queueName: QUEUE, recordingId: randomUUID(), payload };
  let result: RecordingResult;
  try {
    result = await followRecording(follow, (event) => events.push(event));
  } catch {
    return add('lost');
  }
  add('done');
  if (result.attempt > 1) add('interrupted');
  if (events.filter((event) => 'result' in event).length !== 1) add('doubled');
  if (result.status !== 'completed' || result.file === null) return add('lost');
  const recording = await inspectRecording(result.file);
  const { errors, videoFrameCount } = await recording.decodeAll();
  if (errors.length > 0) add('broken');
  if (videoFrameCount !== result.frames || Math.abs(Number(recording.durationS) - result.duration_s) > 0.25)
    add('unstated');
}
