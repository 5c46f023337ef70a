import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { RecordingEvent, RecordingResult } from '../../shared/events/recordingEvents.ts';
import { followRecording } from '../../worker/job/followRecording.ts';
import { inspectRecording } from '../support/inspectRecording.ts';
import { openWorld, QUEUE } from './openWorld.ts';
import { type Row, whenAndWhere } from './report.ts';

const KILL_EVERY_MS = 20_000;
const WORKERS = 2;
/** Followers listen on connections of their own, so not all jobs are followed at once. */
const AT_ONCE = 20;
const LENGTH_S = 2;
/** A job that has no result by then is stuck. Its turn comes after seconds, and a kill costs it seconds. */
const STUCK_AFTER_MS = 5 * 60_000;

/** Records many short calls on two workers, and kills one of them every 20 seconds. */
export async function manyJobs(jobs: number, random: () => number): Promise<Row> {
  const row = {
    name: 'many-jobs',
    happens: `${jobs} calls of ${LENGTH_S} s on ${WORKERS} workers, one of which is killed every 20 s.`,
    promise: 'None is lost, none is doubled, none is stuck, and every gap is stated.',
    plays: jobs,
    usual: '',
    ...whenAndWhere(),
  };
  try {
    const { done, interrupted, kills, ...faults } = await countJobs(jobs, random);
    const problems = Object.entries(faults).filter(([, number]) => number > 0);
    return {
      ...row,
      worst: `${done} recorded, ${interrupted} of them interrupted by ${kills} kills`,
      problems: problems.map(([fault, number]) => `${number} ${fault}`),
    };
  } catch (error) {
    return {
      ...row,
      worst: 'not all was seen',
      problems: [`could not be played: ${(error as Error).message}`],
    };
  }
}

/** What became of the jobs. */
interface Counts {
  /** These have a result. */
  done: number;
  interrupted: number;
  doubled: number;
  lost: number;
  stuck: number;
  /** The file cannot be decoded without a complaint. */
  broken: number;
  /** The file is not what the result says. */
  unstated: number;
}

async function countJobs(jobs: number, random: () => number): Promise<Counts & { kills: number }> {
  const counts = { done: 0, interrupted: 0, doubled: 0, lost: 0, stuck: 0, broken: 0, unstated: 0 };
  const world = await openWorld();
  let kills = 0;
  try {
    const workers = await Promise.all(Array.from({ length: WORKERS }, () => world.startWorker()));
    const killing = new AbortController();
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
    const left = Array.from({ length: jobs }, (_, index) => index);
    const follower = async () => {
      while (left.pop() !== undefined) {
        await noteOne(world.redis.client, counts);
        console.log(`  many-jobs: ${JSON.stringify({ ...counts, kills })}`);
      }
    };
    const following = Promise.all(Array.from({ length: AT_ONCE }, follower));
    // A worker that does not start again ends it all.
    await Promise.race([following, killer]);
    killing.abort();
    await Promise.all([following, killer]);
  } finally {
    await world.close();
  }
  return { ...counts, kills };
}

async function noteOne(redis: Parameters<typeof followRecording>[0]['redis'], counts: Counts): Promise<void> {
  const add = (name: keyof Counts) => {
    counts[name]++;
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
    const ended = followRecording(follow, (event) => events.push(event));
    const stuck = wait(STUCK_AFTER_MS, null, { ref: false });
    const first = await Promise.race([ended, stuck]);
    if (first === null) return add('stuck');
    result = first;
  } catch {
    return add('lost');
  }
  add('done');
  if (result.attempt > 1) add('interrupted');
  if (events.filter((event) => 'result' in event).length !== 1) add('doubled');
  if (result.status !== 'completed' || result.file === null) return add('lost');
  try {
    const recording = await inspectRecording(result.file);
    const { errors, videoFrameCount } = await recording.decodeAll();
    if (errors.length > 0) add('broken');
    const differsS = Math.abs(Number(recording.durationS) - result.duration_s);
    if (videoFrameCount !== result.frames || differsS > 0.25) add('unstated');
  } catch {
    add('broken');
  }
}
