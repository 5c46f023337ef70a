import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { RecordingEvent, RecordingResult } from '../../shared/events/recordingEvents.ts';
import { followRecording } from '../../worker/job/followRecording.ts';
import { requestStop } from '../../worker/job/stopRequests.ts';
import { eventually } from '../support/eventually.ts';
import { type FileVerdict, judgeFile } from './judgeFile.ts';
import { BUCKET, QUEUE, type World } from './openWorld.ts';

/** What was seen of one recording that had trouble. Times are in seconds. */
export interface Seen {
  /** How much of the call the file does not show. */
  readonly missingS: number;
  /** How long after the trouble the file shows the call again; null where it never stopped. */
  readonly goesOnAfterS: number | null;
  /** What differs from the promise that holds for every recording. */
  readonly problems: readonly string[];
  readonly result: RecordingResult;
  readonly file: FileVerdict | null;
}

export interface Trouble {
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
}

/** What a warning says where a file could not be gone on with. */
const NEW_FILE = 'so a new file begins';
const FINAL: readonly RecordingEvent['type'][] = [
  'call.recording_ready',
  'call.recording_failed',
  'call.recording_absent',
];
const LARGE_KBPS = 16_000;
/** A file may be this much longer or shorter than its result says, or than the call took. */
const DURATION_TOLERANCE_S = 0.25;
/** A picture may be this far from its true place. */
const PLACE_TOLERANCE_S = 0.25;
/** A beep may be this far from its flash, which is drawn with the next of the page's frames. */
const STEP_TOLERANCE_S = 0.12;
/** What is missing may be stated this much too low or too high. */
const STATED_TOLERANCE_S = 0.7;

/**
 * Records the witness page, makes trouble after 3 to 6 seconds, lets the call go on, stops it, and judges the
 * file: it can be played, times in it are true, sound is in step, and what is missing is stated.
 */
export async function recordThrough(world: World, random: () => number, trouble: Trouble): Promise<Seen> {
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
  const follow = { redis: world.redis.client, queueName: QUEUE, recordingId, payload };
  const ended = followRecording(follow, (event) => events.push(event));
  ended.catch(() => {}); // awaited below
  await eventually('the recording runs', () => progressOf(events) > 1, { withinMs: 60_000 });
  await wait(2000 + 3000 * random());
  const begunUnixMs = Date.now();
  const doneUnixMs = await trouble.make(recordingId);
  const troubleAtS = ((typeof doneUnixMs === 'number' ? doneUnixMs : begunUnixMs) - baseUnixMs) / 1000;
  await wait((trouble.goOnS ?? 10) * 1000);
  await requestStop(world.redis.client, QUEUE, recordingId);
  const stoppedAtS = (Date.now() - baseUnixMs) / 1000;
  const result = await withinS(90, ended);
  await wait(1500); // a second final event would come now
  const file = result.file === null ? null : await judgeFile(pathOf(world, result.file));
  const after = file?.gaps.find(({ untilS }) => untilS > troubleAtS);
  return {
    missingS: file?.missingS ?? Number.POSITIVE_INFINITY,
    goesOnAfterS: after ? Math.max(0, after.untilS - troubleAtS) : null,
    problems: [
      ...problemsOf({ result, file, events, stoppedAtS, isPagesOwn: trouble.isPagesOwn ?? false }),
      ...lossOf(troubleAtS - (after?.fromS ?? troubleAtS), trouble.mostLostBeforeS),
    ],
    result,
    file,
  };
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

function problemsOf(given: {
  result: RecordingResult;
  file: FileVerdict | null;
  events: readonly RecordingEvent[];
  stoppedAtS: number;
  isPagesOwn: boolean;
}): string[] {
  const { result, file, events, stoppedAtS, isPagesOwn } = given;
  const finals = events.filter(({ type }) => FINAL.includes(type)).length;
  const problems: [boolean, string][] = [
    [finals !== 1, `${finals} final events`],
    [result.status !== 'completed', `status ${result.status}: ${result.error?.message}`],
    [file === null, 'no file'],
    [result.warnings.some(({ message }) => message.includes(NEW_FILE)), 'a new file has begun'],
  ];
  if (file) {
    const stated = (result.gaps ?? []).reduce(
      (sum, { from_s, until_s }) => sum + Number(until_s) - from_s,
      0,
    );
    const untilStop = stoppedAtS - file.fromS;
    const notShownS = stoppedAtS - file.untilS;
    problems.push(
      [notShownS > STATED_TOLERANCE_S, `the last ${notShownS.toFixed(1)} s do not show the page`],
      [file.errors.length > 0, `decoding: ${file.errors[0]}`],
      [file.frames !== result.frames, `${result.frames} frames stated, ${file.frames} in the file`],
      [
        differs(file.durationS, result.duration_s, DURATION_TOLERANCE_S),
        `length ${result.duration_s} s stated, ${file.durationS} s in the file`,
      ],
      [
        differs(file.durationS, untilStop, 2 * DURATION_TOLERANCE_S),
        `length ${file.durationS} s of a call of ${untilStop.toFixed(1)} s`,
      ],
      [file.displacedS > PLACE_TOLERANCE_S, `a picture is ${file.displacedS.toFixed(2)} s from its place`],
      [file.outOfStepS > STEP_TOLERANCE_S, `sound is ${Math.round(file.outOfStepS * 1000)} ms out of step`],
      [
        !isPagesOwn && differs(stated, file.missingS, STATED_TOLERANCE_S),
        `${stated.toFixed(1)} s stated as missing, ${file.missingS.toFixed(1)} s are`,
      ],
    );
  }
  return problems.filter(([is]) => is).map(([, text]) => text);
}

function differs(a: number, b: number, by: number): boolean {
  return Math.abs(a - b) > by;
}

function s3Target({ s3, s3Proxy }: World) {
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

function pathOf({ s3 }: World, location: string): string {
  const inBucket = `s3://${BUCKET}/`;
  return location.startsWith(inBucket) ? s3.objectPath(BUCKET, location.slice(inBucket.length)) : location;
}

async function withinS<T>(seconds: number, promise: Promise<T>): Promise<T> {
  const limit = wait(seconds * 1000).then(() => {
    throw new Error(`the recording had not ended ${seconds} s after its stop`);
  });
  return Promise.race([promise, limit]);
}
