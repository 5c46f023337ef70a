import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { RecordingEvent } from '../../../shared/events/recordingEvents.ts';
import { eventually } from '../../support/eventually.ts';
import { type Receiver, startReceiver } from '../../support/startReceiver.ts';
import { type FollowedJob, type FollowedJobs, followJobs } from '../followJobs.ts';
import { recordThrough, sawOnly } from '../recordThrough.ts';
import type { Scenario } from '../scenario.ts';

const UNTOUCHED = { mostMissingS: 0, goesOnWithinS: 0 };
/** A webhook that was down for half a minute is tried again after half a minute at most. */
const DELIVERED_WITHIN_S = 60;
const DOWN_AFTER_END_S = { least: 5, most: 25 };
/** Events that no webhook gets: see docs/deliveries.md. */
const NOT_SENT: readonly RecordingEvent['type'][] = ['call.recording_progress', 'call.recording_phase'];

/** More jobs than may pass over another one. */
const SMALL_JOBS = 14;
const MOST_PASSES = 10;
const TOLD_WITHIN_S = 60;
/**
 * A worker takes jobs where an ordinary one has room, which counts 0.7 cores. Beside a call with four encodings, which counts
 * 0.775, it has, and a second such call or the large job has not. So each of two workers has a call, and one of them can
 * pass over the other, which waits with the large job. Everything counts a tenth, because what else the machine does must
 * not decide who has room.
 */
const ROOM_FOR_A_CALL = { COMPOSITOR_CORES: '0.15', COMPOSITOR_COST_SCALE: '0.1' };
const OUTPUTS = [200, 300, 400, 500].map((kbps) => ({ name: `at-${kbps}`, video_bitrate_kbps: kbps }));
/** So long that a job on the queue is told to wait, which it is after 30 s, and small ones can have passed over. */
const BUSY_FOR_S = 40;
/** They wait for the call, and then for the large one. */
const ALL_ENDED_WITHIN_S = 90;
/** Jobs that start together may be heard of the other way round. */
const SAME_TIME_S = 0.5;

/** What waits in queues: jobs, and events for webhooks. */
export const QUEUES: readonly Scenario[] = [
  {
    name: 'webhook-down',
    happens:
      'The webhook is down from the middle of the call until 5 to 25 s after it. In half of the plays the worker is killed by then, and another one started.',
    promise: `Every event is delivered in order within ${DELIVERED_WITHIN_S} s of its return, the final one once.`,
    ...UNTOUCHED,
    run: async (world, random) => {
      const receiver = await startReceiver();
      const worker = await world.startWorker();
      const isKilled = random() < 0.5;
      const { least, most } = DOWN_AFTER_END_S;
      try {
        return await recordThrough(world, random, {
          how: isKilled ? 'its worker is killed' : 'its worker lives on',
          job: { webhook: { url: receiver.url, secret: `whsec_${Buffer.alloc(24, 7).toString('base64')}` } },
          make: () => receiver.goDown(),
          alsoJudge: async (_result, events) => {
            await wait(1000 * (least + (most - least) * random()));
            if (isKilled) {
              worker.kill('SIGKILL');
              await world.startWorker();
            }
            await receiver.comeBack();
            return problemsOfDeliveries(receiver, events);
          },
        });
      } finally {
        await world.endWorkers();
        await receiver.goDown();
      }
    },
  },
  {
    name: 'job-overtaken',
    happens: `A job of 1440p at 60 pictures a second fits beside none of the calls that three workers record, and ${SMALL_JOBS} small jobs come behind it.`,
    promise: `Each job starts within ${TOLD_WITHIN_S} s or is told to wait. At most ${MOST_PASSES} pass over the large one. The others start in order.`,
    ...UNTOUCHED,
    isAlone: true,
    run: async (world) => {
      const { client } = world.redis;
      const call = { ...demo({ quality: '360p' }, 2 * BUSY_FOR_S), outputs: OUTPUTS };
      const large = demo({ quality: '1440p', encoding: { frame_rate: 60 } }, 1);
      const small = demo({ audio_only: true }, 1);
      const followed: FollowedJobs[] = [];
      const follow = async (...payloads: object[]) => {
        followed.push(await followJobs(client, payloads));
        return followed.at(-1) as FollowedJobs;
      };
      try {
        // When the first call is over, the large job can start where it was.
        await world.startWorker('disk', { COMPOSITOR_CONCURRENCY: '1' });
        await (await follow(demo({ quality: '360p' }, BUSY_FOR_S))).started(60);
        await Promise.all([1, 2].map(() => world.startWorker('disk', ROOM_FOR_A_CALL)));
        await (await follow(call, call)).started(60);
        const jobs = await follow(large, ...Array<typeof small>(SMALL_JOBS).fill(small));
        return sawOnly(problemsOfOrder(await jobs.ended(BUSY_FOR_S + ALL_ENDED_WITHIN_S)));
      } finally {
        for (const jobs of followed) await jobs.close();
      }
    },
  },
];

function demo(recording: object, lengthS: number) {
  const source = { kind: 'demo', participants: 1 };
  return { call: { id: 'demo' }, source, recording, limits: { max_duration_s: lengthS } };
}

function problemsOfOrder([large, ...small]: readonly FollowedJob[]): string[] {
  if (!large) return ['no job was put on the queue'];
  const toldOfAfterS = Math.max(...[large, ...small].map((job) => job.toldOfAfterS));
  const passes = small.filter(({ startedAfterS }) => startedAfterS < large.startedAfterS).length;
  const early = small.filter(({ startedAfterS }, index) =>
    small.slice(0, index).some((before) => before.startedAfterS > startedAfterS + SAME_TIME_S),
  );
  const ends = [large, ...small].map(({ results }) => results.map(({ status }) => status).join(' and '));
  const problems: [boolean, string][] = [
    [toldOfAfterS > TOLD_WITHIN_S, `a job was told of after ${toldOfAfterS.toFixed(0)} s`],
    [passes > MOST_PASSES, `${passes} jobs passed over it`],
    [passes === 0, 'no job passed over it, so nothing was tried'],
    [early.length > 0, `${early.length} of the others did not start in order`],
    ...ends.map((end): [boolean, string] => [end !== 'completed', `a job ended as ${end}`]),
  ];
  return problems.filter(([is]) => is).map(([, text]) => text);
}

async function problemsOfDeliveries(
  { received }: Receiver,
  events: readonly RecordingEvent[],
): Promise<string[]> {
  const sent = events.filter(({ type }) => !NOT_SENT.includes(type));
  const arrived = () => [...new Map(received.map((one) => [one.headers['webhook-id'], one])).values()];
  try {
    await eventually('every event is delivered', () => arrived().length >= sent.length, {
      withinMs: DELIVERED_WITHIN_S * 1000,
    });
  } catch {
    return [`${arrived().length} of ${sent.length} events were delivered within ${DELIVERED_WITHIN_S} s`];
  }
  const bodies = arrived().map(({ body }) => JSON.parse(body) as RecordingEvent);
  const [got, wanted] = [bodies, sent].map((all) => all.map(({ type }) => type));
  return isDeepStrictEqual(bodies, sent) ? [] : [`${got} were delivered, not ${wanted}`];
}
