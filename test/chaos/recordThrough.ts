import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { ErrorCode } from '../../shared/events/errorCodes.ts';
import type { RecordingEvent, RecordingResult } from '../../shared/events/recordingEvents.ts';
import { followRecording } from '../../worker/job/followRecording.ts';
import { requestStop } from '../../worker/job/stopRequests.ts';
import { redisRecordStore } from '../../worker/records/redisRecordStore.ts';
import { eventually } from '../support/eventually.ts';
import { judgeFile } from './judgeFile.ts';
import { BUCKET, QUEUE, type World } from './openWorld.ts';
import { problemsOf, problemsOfRecord } from './problemsOf.ts';

/** What was seen of one recording that had trouble. Times are in seconds. */
export interface Seen {
  /** Which trouble it was, where it is chosen anew for each play. */
  readonly how: string | null;
  /** How much of the call the file does not show. */
  readonly missingS: number;
  /** How long after the trouble the file shows the call again; null where it never stopped. */
  readonly goesOnAfterS: number | null;
  /** What differs from the promise that holds for every recording. */
  readonly problems: readonly string[];
}

/** What was seen where no recording had trouble, and the promise is about something else. */
export function sawOnly(problems: readonly string[]): Seen {
  return { how: null, missingS: 0, goesOnAfterS: null, problems };
}

export interface Trouble {
  readonly how?: string;
  readonly storage?: 'local' | 's3';
  /** More fields of the bucket. */
  readonly storageFields?: Readonly<Record<string, unknown>>;
  /** Does the damage. The recording runs. Resolves to when it was done, in Unix ms, if that was not at once. */
  readonly make: (recordingId: string) => Promise<unknown>;
  /** At most this much may be missing of what was before the damage, in seconds. */
  readonly mostLostBeforeS?: number;
  /** How long the call goes on after the damage, in seconds. */
  readonly goOnS?: number;
  /** The page itself stands still for a while. What it does not show is then missing in no recorder's view. */
  readonly isPagesOwn?: boolean;
  /** The file has about 2 MB in a second, so that its parts fill fast. */
  readonly isLarge?: boolean;
  /** More fields of the job. */
  readonly job?: Readonly<Record<string, unknown>>;
  /** The damage ends the recording, so nobody stops it. */
  readonly endsByItself?: boolean;
  /** The file may end this much before the recording did, in seconds. */
  readonly mostLostAtEndS?: number;
  /** The error with which the recording is to end; without it, it is to be completed. */
  readonly failsWith?: ErrorCode;
  /** Judges what the file does not show, once there is a result. Resolves to what differs from the promise. */
  readonly alsoJudge?: (result: RecordingResult, events: readonly RecordingEvent[]) => Promise<string[]>;
}

const LARGE_KBPS = 16_000;
/** A result says that the recording ended when its recorder had delivered everything, which is after the last picture. */
const ENDING_TAKES_S = 0.5;

/** What a recording needs of its world. */
type Surroundings = Pick<World, 's3' | 's3Proxy' | 'witness'> & {
  readonly redis: Pick<World['redis'], 'client'>;
};

/**
 * Records the witness page, makes trouble after 3 to 6 seconds, lets the call go on, stops it, and judges the
 * file: it can be played, times in it are true, sound is in step, and what is missing is stated.
 */
export async function recordThrough(
  world: Surroundings,
  random: () => number,
  trouble: Trouble,
): Promise<Seen> {
  const recordingId = randomUUID();
  const { url, baseUnixMs } = world.witness.url(trouble.isLarge ? 'noisy' : 'calm');
  const events: RecordingEvent[] = [];
  const payload = {
    call: { id: 'chaos' },
    recording: {
      quality: '360p',
      layout: { external_app_url: url },
      ...(trouble.isLarge ? { encoding: { video_bitrate_kbps: LARGE_KBPS } } : {}),
    },
    ...(trouble.storage === 's3' ? { storage: { ...s3Target(world), ...trouble.storageFields } } : {}),
    limits: { max_duration_s: 120 },
    ...trouble.job,
  };
  const { client: redis } = world.redis;
  const ended = followRecording({ redis, queueName: QUEUE, recordingId, payload }, (event) =>
    events.push(event),
  );
  ended.catch(() => {}); // awaited below
  await eventually('the recording runs', () => progressOf(events) > 1, { withinMs: 60_000 });
  await wait(2000 + 3000 * random());
  const begunUnixMs = Date.now();
  const doneUnixMs = await trouble.make(recordingId);
  const troubleAtS = ((typeof doneUnixMs === 'number' ? doneUnixMs : begunUnixMs) - baseUnixMs) / 1000;
  if (!trouble.endsByItself) {
    await wait((trouble.goOnS ?? 10) * 1000);
    await requestStop(redis, QUEUE, recordingId);
  }
  const stoppedUnixMs = Date.now();
  const result = await withinS(90, ended);
  await wait(1500); // a second final event would come now
  const file = result.file === null ? null : await judgeFile(pathOf(world, result.file));
  const after = file?.gaps.find(({ untilS }) => untilS > troubleAtS);
  const endedUnixMs = trouble.endsByItself ? Date.parse(result.ended_at) : stoppedUnixMs;
  const endedAtS = (endedUnixMs - baseUnixMs) / 1000;
  return {
    how: trouble.how ?? null,
    missingS: file?.missingS ?? Number.POSITIVE_INFINITY,
    goesOnAfterS: after ? Math.max(0, after.untilS - troubleAtS) : null,
    problems: [
      ...problemsOf({ result, file, events, endedAtS, ...wantedOf(trouble) }),
      ...lossOf(troubleAtS - (after?.fromS ?? troubleAtS), trouble.mostLostBeforeS),
      ...(await problemsOfRecord(redisRecordStore(redis, QUEUE), result)),
      ...((await trouble.alsoJudge?.(result, events)) ?? []),
    ],
  };
}

function wantedOf({ isPagesOwn = false, failsWith, endsByItself, mostLostAtEndS = 0 }: Trouble) {
  const endingTakesS = endsByItself ? ENDING_TAKES_S : 0;
  return { isPagesOwn, failsWith: failsWith ?? null, mostLostAtEndS: mostLostAtEndS + endingTakesS };
}

function lossOf(lostS: number, mostS = Number.POSITIVE_INFINITY): string[] {
  return lostS > mostS ? [`the last ${lostS.toFixed(1)} s before the damage are lost`] : [];
}

function progressOf(events: readonly RecordingEvent[]): number {
  return Math.max(
    0,
    ...events.map((event) => (event.type === 'call.recording_progress' ? event.elapsed_s : 0)),
  );
}

function s3Target({ s3, s3Proxy }: Surroundings) {
  const { region, accessKeyId: access_key_id, secretAccessKey: secret_access_key } = s3;
  const access = {
    endpoint: s3Proxy.endpoint,
    region,
    access_key_id,
    secret_access_key,
    force_path_style: true,
  };
  return { kind: 's3', bucket: BUCKET, ...access };
}

function pathOf({ s3 }: Surroundings, location: string): string {
  const inBucket = `s3://${BUCKET}/`;
  return location.startsWith(inBucket) ? s3.objectPath(BUCKET, location.slice(inBucket.length)) : location;
}

async function withinS<T>(seconds: number, promise: Promise<T>): Promise<T> {
  const limit = wait(seconds * 1000).then(() => {
    throw new Error(`the recording had not ended ${seconds} s after its stop`);
  });
  return Promise.race([promise, limit]);
}
